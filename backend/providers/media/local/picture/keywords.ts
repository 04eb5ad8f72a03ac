import type { Random } from '../random.ts';
import type { PaletteName } from './palettes.ts';
import type { Prop } from './scene.ts';

export const sceneNames = ['hills', 'sea', 'forest', 'city', 'table', 'garden', 'space', 'abstract'] as const;
export type SceneName = (typeof sceneNames)[number];

interface Meaning {
  scene?: SceneName;
  palette?: PaletteName;
  props?: Prop[];
}

/** What words stand for. Each row: words, and what they call for; a word in a sentence counts where it first stands. */
const lexicon: [words: string, meaning: Meaning][] = [
  [
    'mountain mountains alps peak peaks hill hills valley landscape hike hiking trail summit highland',
    { scene: 'hills' },
  ],
  [
    'meadow field fields countryside farm village vineyard road journey travel horizon',
    { scene: 'hills', props: ['house'] },
  ],
  ['lake lakes river fjord pond reflection', { scene: 'hills', props: ['lake', 'pines'] }],
  ['cabin cottage hut house home lodge', { scene: 'hills', props: ['house', 'pines'] }],
  ['desert dune dunes cactus canyon sahara mesa', { scene: 'hills', palette: 'desert', props: ['cactus'] }],
  [
    'snow winter ice frost glacier arctic christmas ski skiing',
    { scene: 'hills', palette: 'winter', props: ['snow', 'pines'] },
  ],
  ['sea ocean coast beach shore bay island surf wave waves harbour harbor marina tide', { scene: 'sea' }],
  ['boat boats sail sailing ship yacht regatta fishing', { scene: 'sea', props: ['boat'] }],
  ['lighthouse cliff cliffs beacon', { scene: 'sea', props: ['lighthouse'] }],
  [
    'forest woods woodland wood jungle trees tree pine pines birch grove park fern moss',
    { scene: 'forest', palette: 'forest' },
  ],
  [
    'city skyline town urban downtown metropolis skyscraper skyscrapers street streets building buildings office business tokyo york berlin london',
    { scene: 'city' },
  ],
  [
    'tram trams train trains railway metro bus trolley commute streetcar station',
    { scene: 'city', props: ['tram', 'old_town'] },
  ],
  [
    'lisbon prague vienna porto amsterdam copenhagen rooftops roofs alley bridge',
    { scene: 'city', props: ['old_town'] },
  ],
  [
    'food meal dish dinner lunch breakfast kitchen restaurant recipe cooking bowl soup ramen noodles noodle pasta rice salad',
    { scene: 'table', props: ['bowl'] },
  ],
  ['coffee tea cup mug espresso latte cafe café bakery cake bread', { scene: 'table', props: ['cup'] }],
  ['fruit apple apples lemon lemons orange oranges pear pears peach berries', { scene: 'table', props: ['fruit'] }],
  [
    'wine bottle bottles perfume product cosmetics vase ceramic pottery still table desk',
    { scene: 'table', props: ['bottle'] },
  ],
  [
    'flower flowers blossom bloom garden rose roses tulip tulips bouquet botanical spring petals poppy poppies lavender',
    { scene: 'garden' },
  ],
  ['plant plants leaf leaves herb herbs greenhouse', { scene: 'garden', props: ['plant'] }],
  [
    'space planet planets galaxy galaxies cosmos rocket astronaut orbit universe mars nebula comet alien',
    { scene: 'space' },
  ],
  ['ring rings ringed saturn', { scene: 'space', props: ['rings'] }],
  [
    'abstract pattern geometric geometry shapes minimal logo brand data network technology tech digital ai software concept future innovation strategy',
    { scene: 'abstract' },
  ],
  ['ribbon ribbons flow fluid silk music sound melody rhythm', { scene: 'abstract', props: ['waves'] }],
  ['bauhaus mosaic tile tiles grid quilt', { scene: 'abstract', props: ['grid'] }],
  ['circle circles sphere spheres bubble bubbles orb orbs', { scene: 'abstract', props: ['discs'] }],

  ['dusk sunset evening twilight golden warm', { palette: 'dusk' }],
  ['dawn sunrise morning mist misty fog foggy pastel soft gentle', { palette: 'dawn' }],
  ['day noon sunny summer bright cheerful happy', { palette: 'day' }],
  ['night midnight moon moonlight moonlit dark stars star starry', { palette: 'night', props: ['stars'] }],
  ['autumn fall harvest october rust', { palette: 'autumn' }],
  ['storm stormy thunder grey gray gloomy dramatic', { palette: 'storm' }],
  ['rain rainy wet drizzle', { palette: 'storm', props: ['rain'] }],
  ['love romantic pink wedding valentine', { palette: 'rose' }],
  ['neon cyberpunk synthwave arcade electric club', { palette: 'neon' }],
  ['tropical lagoon turquoise teal paradise', { palette: 'lagoon' }],
  ['fresh citrus energetic vibrant bold', { palette: 'citrus' }],
  ['monochrome black white noir elegant', { palette: 'mono' }],

  [
    'person people man woman girl boy child figure wanderer traveller traveler hiker runner someone hero',
    { props: ['figure'] },
  ],
  ['bird birds gull gulls seagull seagulls swallow', { props: ['birds'] }],
];

const meanings = new Map<string, Meaning>(
  lexicon.flatMap(([words, meaning]) => words.split(' ').map((word) => [word, meaning] as const)),
);

/** Palettes that suit a scene when no word asks for one. */
const usual: Record<SceneName, readonly [PaletteName, ...PaletteName[]]> = {
  hills: ['dusk', 'dawn', 'day', 'autumn', 'winter'],
  sea: ['ocean', 'dusk', 'lagoon', 'dawn'],
  forest: ['forest', 'autumn', 'dawn'],
  city: ['dusk', 'night', 'citrus', 'dawn'],
  table: ['rose', 'citrus', 'autumn', 'mono', 'desert'],
  garden: ['rose', 'forest', 'citrus', 'dawn'],
  space: ['night', 'neon', 'storm'],
  abstract: ['citrus', 'ocean', 'rose', 'lagoon', 'dusk', 'mono'],
};

export interface Subject {
  scene: SceneName;
  palette: PaletteName;
  props: Set<Prop>;
}

/**
 * What a prompt asks to see: the scene of its first word that means one, the palette of the first that means one, and
 * every prop. Where no word says anything, `random` decides.
 */
export function subjectOf(prompt: string, random: Random): Subject {
  const props = new Set<Prop>();
  let scene: SceneName | undefined;
  let palette: PaletteName | undefined;
  let scenePalette: PaletteName | undefined;
  for (const [word] of prompt
    .slice(0, 10_000)
    .toLowerCase()
    .matchAll(/[\p{L}]{2,30}/gu)) {
    const meaning = meanings.get(word);
    if (meaning === undefined) continue;
    // The scene of the first word holds; what a later scene word brings along may still stand in it.
    if (meaning.scene !== undefined && scene === undefined) {
      scene = meaning.scene;
      scenePalette = meaning.palette;
    } else palette ??= meaning.palette;
    for (const prop of meaning.props ?? []) props.add(prop);
  }
  const drawn = random.pick(['abstract', 'hills', 'abstract', 'sea'] as const);
  const shown = scene ?? drawn;
  const fallback = random.pick(usual[shown]);
  return { scene: shown, palette: palette ?? scenePalette ?? fallback, props };
}
