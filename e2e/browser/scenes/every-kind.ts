/** Data and schemas that show every kind of format.md 18.3 at least once, as an author would use it. */

const picture = (hue: number, words: string): string =>
  `data:image/svg+xml,${encodeURIComponent(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 320"><rect width="480" height="320" fill="hsl(${hue} 45% 62%)"/><circle cx="360" cy="90" r="44" fill="hsl(${hue + 40} 80% 82%)"/><path d="M0 320 150 150l90 90 80-60 160 140z" fill="hsl(${hue} 40% 34%)"/><text x="24" y="52" font-size="28" fill="#fff">${words}</text></svg>`,
  )}`;

/** A second of silence. */
const sound = `data:audio/wav;base64,${Buffer.concat([
  Buffer.from('UklGRiQfAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAfAAA=', 'base64'),
  Buffer.alloc(7936, 128),
]).toString('base64')}`;

const long =
  'The tram climbs from the river through Alfama, so close to the houses that one could take a shirt from a line. '.repeat(
    9,
  );

export const leaves = {
  schema: {
    type: 'object',
    ui: { as: 'panel', label: 'Leaves' },
    properties: {
      text: { type: 'string' },
      long_text: { type: 'string' },
      markdown: { type: 'string', format: 'markdown' },
      code: { type: 'string', ui: { as: 'code', actions: ['copy'] } },
      number: { type: 'number' },
      distance: { type: 'number', ui: { as: { kind: 'number', unit: 'kilometer' } } },
      price: { type: 'number', ui: { as: { kind: 'number', unit: 'EUR' } } },
      share: { type: 'number', ui: { as: { kind: 'number', unit: '%' } } },
      cook: { type: 'number', ui: { as: { kind: 'number', unit: 'portions' } } },
      day: { type: 'string', format: 'date' },
      moment: { type: 'string', format: 'date-time' },
      link: { type: 'string', format: 'uri', ui: { actions: ['copy', 'open'] } },
      color: { type: 'string', format: 'color' },
      chips: { type: 'array', ui: { as: 'chips' } },
      badge: { type: 'string', ui: { as: 'badge', tone: 'good' } },
      progress: { type: 'number', ui: { as: 'progress' } },
      rating: { type: 'number', ui: { as: 'rating' } },
      image: { type: 'string', contentMediaType: 'image/svg+xml', ui: { actions: ['zoom', 'download'] } },
      audio: { type: 'string', contentMediaType: 'audio/wav' },
      file: { type: 'object', ui: { as: 'file' } },
      json: { type: 'object', ui: { as: 'json' } },
      diff: { type: 'string', ui: { as: { kind: 'diff', against: '{{ data.draft }}' } } },
      draft: { type: 'string', ui: { show: 'no' } },
      hologram: { type: 'string', ui: { as: 'hologram' } },
      broken: { type: 'number', ui: { text: '{{ value | nonsense }}' } },
      nothing: { type: 'string' },
      yes: { type: 'boolean' },
    },
  },
  data: {
    text: 'Grilled sardines with lemon',
    long_text: long,
    markdown:
      '# By tram\n\nLine **28** starts at *Martim Moniz*. See [the map](https://example.org/map) and `code`.\n\n- hills\n- views\n\n> Mind the gap.\n\n```\nlet x = 1;\n```\n\n| Stop | Time |\n|---|---|\n| Graça | 10:04 |\n\n<b>never bold</b> [bad](javascript:alert(1)) ![a picture](https://example.org/p.png)',
    code: 'const fare = (zones: number) => zones * 1.8;\nconsole.log(fare(3));',
    number: 1234567.891,
    distance: 12.5,
    price: 1299.5,
    share: 85,
    cook: 4,
    day: '2026-05-14',
    moment: '2026-05-14T09:30:00Z',
    link: 'https://example.org/a/rather/long/path?with=query',
    color: '#c2410c',
    chips: ['vegan', 'quick', 'مطبخ', 'spicy'],
    badge: 'Ready',
    progress: 0.62,
    rating: 4,
    image: picture(210, 'Lisbon'),
    audio: sound,
    file: { url: 'data:text/plain,hello', mime: 'text/plain', title: 'notes.txt' },
    json: { a: [1, 2, { b: null }], c: 'x' },
    diff: 'A slow tram climbs the steep hill.',
    draft: 'A yellow tram climbs the hill slowly.',
    hologram: 'seen as text',
    broken: 42,
    nothing: '',
    yes: true,
  },
};

const dish = {
  type: 'object',
  ui: { extra: { time: { text: '{{ prep + cook }} min', slot: 'badge', label: false } }, actions: ['copy', 'number'] },
  properties: {
    photo: { type: 'string', contentMediaType: 'image/svg+xml', ui: { slot: 'media', label: false } },
    name: { type: 'string', ui: { slot: 'title', actions: ['copy'] } },
    origin: { type: 'string', ui: { slot: 'subtitle' } },
    prep: { type: 'integer', ui: { show: 'no' } },
    cook: { type: 'integer', ui: { show: 'no' } },
    method: { type: 'string', format: 'markdown', ui: { label: false } },
    rating: { type: 'number', ui: { as: 'rating', slot: 'aside', label: false } },
    source: { type: 'string', format: 'uri', ui: { slot: 'footer' } },
  },
};

export const dishes = [
  {
    photo: picture(20, 'Dal'),
    name: 'Dal with spinach',
    origin: 'Punjab',
    prep: 10,
    cook: 20,
    method: 'Simmer **slowly**; finish with ghee.',
    rating: 5,
    source: 'https://example.org/dal',
  },
  {
    photo: picture(120, 'Leek soup'),
    name: 'Leek and potato soup with a very long name that has to wrap somewhere',
    origin: 'Wales',
    prep: 15,
    cook: 30,
    method: 'Sweat the leeks, add stock, blend.',
    rating: 3,
    source: 'https://example.org/soup',
  },
  {
    photo: picture(300, 'طاجين'),
    name: 'طاجين الدجاج بالليمون',
    origin: 'المغرب',
    prep: 20,
    cook: 60,
    method: 'يُطهى على نار هادئة.',
    rating: 4,
    source: 'https://example.org/tajine',
  },
];

export const containers = (as: string) => ({
  schema: { type: 'array', ui: { as }, items: dish },
  data: dishes,
});

export const nested = {
  schema: {
    type: 'object',
    properties: {
      starters: { type: 'array', ui: { as: 'grid', select: {} }, items: dish },
      mains: { type: 'array', ui: { as: 'grid', select: {} }, items: dish },
    },
  },
  data: { starters: dishes.slice(0, 2), mains: dishes },
};

export const form = {
  type: 'object',
  required: ['title', 'servings'],
  ui: { layout: { columns: { base: 1, md: 2 } } },
  properties: {
    title: { type: 'string', description: 'As it will stand on the card.', maxLength: 60 },
    site: { type: 'string', format: 'uri', ui: { input: { kind: 'text', placeholder: 'https://…' } } },
    story: { type: 'string', maxLength: 400, ui: { layout: { span: 'full' } } },
    servings: { type: 'integer', minimum: 1, maximum: 12, default: 4 },
    price: { type: 'number', ui: { input: { kind: 'number', step: 0.5 } } },
    heat: { type: 'integer', minimum: 0, maximum: 10, ui: { input: 'slider' } },
    kind: {
      type: 'string',
      oneOf: [
        { const: 'soup', title: 'Soup' },
        { const: 'main', title: 'Main dish' },
      ],
    },
    country: { type: 'string', enum: Array.from({ length: 40 }, (_, index) => `Country ${index + 1}`) },
    size: { type: 'string', enum: ['small', 'medium', 'large'], ui: { input: 'radio' } },
    vegan: { type: 'boolean' },
    agree: { type: 'boolean', title: 'I have the right to publish this', ui: { input: 'checkbox' } },
    allergens: { type: 'array', items: { enum: ['nuts', 'milk', 'gluten', 'eggs'] } },
    tags: { type: 'array', items: { type: 'string' } },
    day: { type: 'string', format: 'date' },
    at: { type: 'string', format: 'date-time' },
    colour: { type: 'string', format: 'color', default: '#c2410c' },
    photo: { type: 'string', ui: { input: { kind: 'file', accept: ['image/*'] } } },
    cover: {
      type: 'string',
      ui: {
        input: 'image-pick',
        options: {
          from: dishes.map(({ photo, name }) => ({ url: photo, name })),
          value: 'url',
          label: '{{ item.name }}',
        },
      },
    },
    steps: { type: 'array', items: { type: 'string' }, ui: { input: 'list' } },
    parts: {
      type: 'array',
      items: { type: 'object', properties: { what: { type: 'string' }, grams: { type: 'integer' } } },
    },
    address: {
      type: 'object',
      properties: { street: { type: 'string' }, city: { type: 'string' }, zip: { type: 'string' } },
    },
    extra: { type: 'object', ui: { input: 'json' } },
    resolution: {
      type: 'string',
      default: '1024x768',
      enum: ['1024x768', '768x1024', '512x512'],
      ui: {
        modes: [
          {
            name: 'Width and height',
            schema: { type: 'object', properties: { w: { type: 'integer' }, h: { type: 'integer' } } },
            format: { text: '{{ w }}x{{ h }}' },
            parse: { w: '{{ value.split("x")[0] | int }}', h: '{{ value.split("x")[1] | int }}' },
          },
        ],
      },
    },
    odd: { type: 'string', ui: { input: 'mind-reader' } },
  },
};
