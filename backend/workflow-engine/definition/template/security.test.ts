import { describe, expect, it } from 'vitest';
import { limits } from '../../models/limits.ts';
import { evaluate, failureOf, render } from './fixtures/render.ts';
import { parseTemplate } from './index.ts';
import { cpuMs } from '../../testing/cpu-ms.ts';

/** In milliseconds. Each takes well under a second alone; other suites may share the machine. */
const quick = 3000;

const data = JSON.parse(`{
  "o": { "a": 1, "constructor": "own", "__proto__": { "x": 1 }, "prototype": 2 },
  "list": [{ "a": 1 }, { "constructor": "c", "__proto__": 5 }],
  "text": "abc", "n": 5
}`) as Record<string, unknown>;
const hostile = { run: () => 'ran', nested: { run: () => 'ran' }, symbol: Symbol('s') };

describe('6.8 only own data keys are read', () => {
  it.each([
    'o.constructor',
    'o["constructor"]',
    'o.__proto__',
    'o["__pro" ~ "to__"].x',
    'o.prototype',
    'o.get("constructor")',
    'o.toString',
    'o.hasOwnProperty("a")',
    'o.valueOf()',
    'o.__defineGetter__',
    'list.length',
    'list.constructor',
    'list.push(1)',
    'list[0].constructor.constructor("return 1")()',
    'text.length',
    'text.constructor',
    'text.at(0)',
    'text["constructor"]["constructor"]("return process")()',
    '"".__class__.__mro__[1].__subclasses__()',
    'n.toFixed(2)',
    'n.constructor',
    'true.constructor',
    'range.constructor("return 1")()',
    'range.call',
    'namespace.__init__.__globals__',
    'namespace().constructor',
    'namespace().entries',
    'dict(__proto__=1).__proto__',
    'dict(o).constructor',
    '{"__proto__": {"y": 1}}.y',
    'now().instant',
    'now().strftime.constructor',
    'loop.items',
    'self',
    'cycler',
    'joiner()',
    'lipsum()',
    'request.application.__globals__',
    'globalThis.process',
    'process.env.HOME',
    'this',
    'run',
    'run()',
    'nested.run()',
    'symbol',
    'list|map(attribute="constructor")|first',
    'list|map(attribute="__proto__.x")|last',
    'list|map(attribute="a.constructor.constructor")|first',
    '(list|groupby("a"))[0].constructor',
    '(list|groupby("a"))[0].push(1)',
    'o.items.constructor',
    'list["0"]',
    'roots',
    'context',
    'constructor',
    '__proto__',
  ])('6.8 %s is undefined', (expression) => {
    const roots = { ...data, ...hostile };
    expect(evaluate(`{{ ${expression} }}`, roots, { now: new Date(0) })).toBeNull();
  });

  it.each(['{{ list|attr("constructor") }}', '{{ list|xmlattr }}', '{{ x|tojson|eval }}'])(
    '6.8 what reaches further is no filter: %s',
    (source) => {
      expect(failureOf(() => parseTemplate(source)).code).toBe('filter_unknown');
    },
  );

  it('6.8 a result never carries a prototype that a template chose', () => {
    const made = evaluate('{{ {"__proto__": {"polluted": 1}, "constructor": 2, "ok": 1} }}') as object;
    expect(Object.getPrototypeOf(made)).toBeNull();
    expect(Object.keys(made)).toEqual(['ok']);
    evaluate('{{ dict([["__proto__", {"polluted": 1}]]) }}{{ namespace(__proto__=1) }}');
    expect('polluted' in {}).toBe(false);
  });

  it('6.8 format directives reach no attribute', () => {
    expect(render('{{ "{0.__class__} {}"|format }}', data)).toBe('{0.__class__} {}');
    expect(render('{{ "%(o)s"|format(o=1) }}', data)).toBe('1');
    expect(render('{{ "%(constructor)s|%(__proto__)s"|format(a=1) }}', data)).toBe('|');
    expect(evaluate('{{ "{0.constructor}".format(o) }}', data)).toBeNull();
  });

  it('6.8 host errors do not show', () => {
    const trap = {
      get bad(): never {
        throw new TypeError('secret of the host');
      },
    };
    const failure = failureOf(() => render('{{ trap.bad }}', { trap }));
    expect(failure.code).toBe('template_error');
    expect(failure.message).not.toContain('secret');
  });
});

const loops = (body: string): string =>
  `{% for i in range(10000) %}{% for j in range(10000) %}${body}{% endfor %}{% endfor %}`;
const megabyte = 'x'.repeat(1 << 20);
const manyKeys = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`k${index}`, index]));
const rows = Array.from({ length: 50_000 }, (_, index) => ({ n: `name ${(index * 7919) % 50_000}`, v: index }));
const bombs: [string, string][] = [
  ['loops', loops('')],
  ['arithmetic in loops', loops('{{ i * j + 1 }}')],
  ['many names', Array.from({ length: 3000 }, (_, index) => `{% set a${index} = 1 %}`).join('') + loops('{{ zzz }}')],
  ['doubling a text', `{% set ns = namespace(s="a") %}${loops('{% set ns.s = ns.s ~ ns.s %}')}`],
  ['adding to a text', `{% set ns = namespace(s="a") %}${loops('{% set ns.s = ns.s + ns.s %}')}`],
  ['replace doubling', `{% set ns = namespace(s="a") %}${loops('{% set ns.s = ns.s|replace("a", "aa") %}')}`],
  ['joining', '{{ ([text] * 100000)|join(text) }}'],
  ['repeating a text', '{{ "a" * 1000000000 }}'],
  ['repeating a list', '{{ [1] * 1000000000 }}'],
  ['lists of lists', '{{ [[[[0] * 1000] * 1000] * 1000] * 1000 }}'],
  ['texts in lists', '{{ [big] * 100 }}'],
  ['printing lists of lists', ' {{ [[[[0] * 1000] * 1000] * 1000] * 1000 }}.'],
  ['a wide format', '{{ "%9999999d"|format(1) }}'],
  ['a format operator', '{{ "%9999999s" % "a" }}'],
  ['a wide indent', '{{ "a"|indent(100000000) }}'],
  ['many lines indented', '{{ ("a\n" * 10000)|indent(10000) }}'],
  ['many slices', '{{ [1]|slice(1000000000) }}'],
  ['a filled batch', '{{ [1]|batch(1000000000, 0) }}'],
  [
    'a deep value',
    `{% set ns = namespace(s=[]) %}{% for i in range(5000) %}{% set ns.s = [ns.s] %}{% endfor %}{{ ns.s }}`,
  ],
  ['a cycle', '{% set ns = namespace() %}{% set ns.me = ns %}{{ ns }}'],
  [
    'comparing a shared tree',
    `{% set ns = namespace(s=[1]) %}{% for i in range(50) %}{% set ns.s = [ns.s, ns.s] %}{% endfor %}{{ [ns.s, 1] == [ns.s, 2] }}{{ ns.s|tojson }}`,
  ],
  ['filters of filters', `{{ "a"|map(${Array.from({ length: 5000 }, () => '"map"').join(', ')}) }}`],
  ['upper of a megabyte', loops('{{ big|upper|length }}')],
  ['searching a megabyte', loops('{{ "y" in big }}')],
  ['letters of a megabyte', loops('{{ big[5] }}{{ big|reverse|length }}')],
  ['words of a megabyte', loops('{{ words|title|wordcount }}')],
  ['wrapping a megabyte', loops('{{ words|wordwrap(3)|length }}')],
  ['tags of a megabyte', loops('{{ tags|striptags|length }}')],
  ['digits of a megabyte', loops('{{ digits|int + digits|float }}')],
  ['splitting a megabyte', loops('{{ words.split()|length }}')],
  ['sorting', loops('{{ rows|sort(attribute="n")|first }}')],
  ['grouping', loops('{{ rows|groupby("n")|length }}')],
  ['unique', loops('{{ rows|unique|length }}')],
  ['selecting', loops('{{ rows|selectattr("v", "gt", 5)|map(attribute="n")|join|length }}')],
  ['truth of a wide object', loops('{% if keys %}{% endif %}')],
  ['items of a wide object', loops('{{ keys.items()|length }}')],
  ['writing JSON', loops('{{ rows|tojson|length }}')],
  ['dates', loops('{{ now().strftime("%c %Z %V") }}')],
  ['output', loops('0123456789')],
  ['a long range', '{{ range(1000000000) }}'],
];

describe('6.8, 23 budgets end every bomb', () => {
  const roots = {
    rows,
    keys: manyKeys,
    text: 'abc'.repeat(100),
    big: megabyte,
    words: 'ab cd-ef '.repeat(100_000),
    tags: '<!--'.repeat(200_000),
    digits: '1'.repeat(900_000),
  };

  it.each(bombs)('6.8 %s', (_name, source) => {
    const context = { now: new Date(0), place: 'p' };
    const started = cpuMs();
    expect(failureOf(() => evaluate(source, roots, context)).code).toBe('template_limit');
    expect(cpuMs() - started).toBeLessThan(quick);
  });

  const deep: [string, string][] = [
    ['brackets', `{{ ${'('.repeat(65)}1${')'.repeat(65)} }}`],
    ['lists', `{{ ${'['.repeat(65)}${']'.repeat(65)} }}`],
    ['dicts', `{{ ${'{1:'.repeat(65)}1${'}'.repeat(65)} }}`],
    ['subscripts', `{{ ${'a['.repeat(65)}1${']'.repeat(65)} }}`],
    ['calls', `{{ ${'a('.repeat(65)}1${')'.repeat(65)} }}`],
    ['not', `{{ ${'not '.repeat(9000)}1 }}`],
    ['signs', `{{ ${'-'.repeat(9000)}1 }}`],
    ['else', `{{ 1${' if 1 else 1'.repeat(4000)} }}`],
    ['inline if', `{{ 1${' if 1'.repeat(9000)} }}`],
    ['attributes', `{{ a${'.a'.repeat(9000)} }}`],
    ['filters', `{{ a${'|e'.repeat(9000)} }}`],
    ['call chains', `{{ a${'()'.repeat(9000)} }}`],
    ['tests', `{{ a${' is string'.repeat(5000)} }}`],
    ['if blocks', '{% if 1 %}'.repeat(65) + '{% endif %}'.repeat(65)],
    ['for blocks', '{% for a in [1] %}'.repeat(65) + '{% endfor %}'.repeat(65)],
    ['set blocks', '{% set a %}'.repeat(65) + '{% endset %}'.repeat(65)],
    ['blocks never closed', '{% if 1 %}'.repeat(6000)],
  ];
  it.each(deep)('23 nesting over 64 is refused while parsing: %s', (_name, source) => {
    const started = cpuMs();
    expect(failureOf(() => parseTemplate(source)).code).toBe('template_limit');
    expect(cpuMs() - started).toBeLessThan(quick);
  });

  it('23 nesting of 64 and long rows are fine', () => {
    expect(render(`{{ ${'('.repeat(64)}1${')'.repeat(64)} }}`)).toBe('1');
    expect(render('{% if 1 %}'.repeat(64) + 'x' + '{% endif %}'.repeat(64))).toBe('x');
    expect(render('{% for a in [1] %}'.repeat(64) + 'x' + '{% endfor %}'.repeat(64))).toBe('x');
    expect(render(`{{ 0${' + 1'.repeat(5000)} }}`)).toBe('5000');
    expect(render(`{{ 0${' ~ 1'.repeat(100)} }}`)).toBe(`0${'1'.repeat(100)}`);
    expect(render(`{{ 0${' or 0'.repeat(5000)} }}`)).toBe('0');
    expect(render(`{% if 0 %}${'{% elif 0 %}'.repeat(4000)}{% endif %}`)).toBe('');
  });

  it('23 a source of 64 KB is read, a byte more is not', () => {
    expect(render('x'.repeat(limits.templateSource))).toHaveLength(limits.templateSource);
    expect(failureOf(() => parseTemplate('x'.repeat(limits.templateSource + 1)))).toMatchObject({
      code: 'template_limit',
      params: { limit: limits.templateSource, what: 'source' },
    });
    expect(failureOf(() => parseTemplate('é'.repeat(limits.templateSource / 2 + 1))).code).toBe('template_limit');
    expect(render('é'.repeat(limits.templateSource / 2))).toHaveLength(limits.templateSource / 2);
  });

  it('23 output of 1 MB is written, a character more is not', () => {
    expect(render('{{ big }}', roots)).toHaveLength(limits.templateOutput);
    expect(failureOf(() => render('{{ big }}x', roots)).code).toBe('template_limit');
    expect(evaluate('{{ big }}', { big: `${megabyte}x` })).toHaveLength(limits.templateOutput + 1);
  });

  it('23 100 000 loop passes are made, one more is not', () => {
    const passes = (more: string): string =>
      `{% for i in range(10) %}{% for j in range(9999) %}{% endfor %}{% endfor %}${more}`;
    expect(render(passes(''))).toBe('');
    expect(failureOf(() => render(passes('{% for i in [1] %}{% endfor %}')))).toMatchObject({
      code: 'template_limit',
      params: { what: 'loop passes', limit: 100_000, actual: 100_001 },
    });
  });

  it.each([
    '{{ "',
    '{#',
    '{% raw %}',
    '{{ a(',
    '{{ "\\',
    '{{ {',
    '{% if',
    '{{ ',
    '{%',
    '{%-',
    '{{{',
    '{{ 1 }} {% for x in ',
  ])('6.8 a source full of %s ends soon', (piece) => {
    const source = piece.repeat(Math.floor(limits.templateSource / piece.length));
    const started = cpuMs();
    expect(failureOf(() => parseTemplate(source)).code).toMatch(/^template_(syntax|limit)$/);
    expect(cpuMs() - started).toBeLessThan(quick);
  });
});
