import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWfmError } from '../../errors/index.ts';
import {
  evaluateTemplate,
  parseTemplate,
  readsOf,
  renderTemplate,
  resolveDeep,
  templateFilters,
  templateTests,
} from './index.ts';

const roots = {
  state: { a: 1, b: [1, 'two', null, { c: true }], o: { k: 'v', n: { m: 2.5 } }, s: 'text é 😀', z: null },
  items: [{ n: 1, t: 'x' }, { n: 2, t: 'Y' }, { t: 'x' }],
};
const context = { roots, now: new Date(1_700_000_000_000), timezone: 'Europe/Berlin' };

const atom = fc.constantFrom(
  '1',
  '0',
  '2.5',
  '"a"',
  "'%s'",
  '[]',
  '[1, "b"]',
  '{}',
  '{"k": 1}',
  'true',
  'none',
  'missing',
  'state',
  'state.a',
  'state.b',
  'state.b[3].c',
  'state.o',
  'state.s',
  'items',
  'items[0].n',
  'loop',
  'now()',
  'range(3)',
  'missing.x.y',
);
const filterName = fc.constantFrom(...templateFilters);
const testName = fc.constantFrom(...templateTests);

/** Expressions that parse, most of the time; what they mean is another matter. */
const { expression } = fc.letrec<{ expression: string }>((tie) => {
  const inner = tie('expression');
  return {
    expression: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      atom,
      fc
        .tuple(inner, fc.constantFrom('+', '-', '*', '/', '//', '%', '**', '~', '==', '<', 'in', 'and', 'or'), inner)
        .map((parts) => parts.join(' ')),
      fc.tuple(inner, filterName).map(([value, name]) => `(${value})|${name}`),
      fc.tuple(inner, filterName, inner).map(([value, name, arg]) => `(${value})|${name}(${arg})`),
      fc.tuple(inner, filterName, inner, inner).map(([value, name, one, two]) => `(${value})|${name}(${one}, ${two})`),
      fc.tuple(inner, filterName).map(([value, name]) => `(${value})|map('${name}')|list`),
      fc.tuple(inner, testName, inner).map(([value, name, arg]) => `(${value}) is ${name}(${arg})`),
      fc
        .tuple(inner, fc.constantFrom('upper', 'split', 'items', 'get', 'join', 'strftime', 'replace'), inner)
        .map(([value, name, arg]) => `(${value}).${name}(${arg})`),
      fc.tuple(inner, inner, inner).map(([a, b, c]) => `${a} if ${b} else ${c}`),
      fc.tuple(inner, inner).map(([a, b]) => `(${a})[${b}]`),
      fc.tuple(inner, inner).map(([a, b]) => `[${a}, {'k': ${b}}]`),
      inner.map((value) => `not -(${value})`),
    ),
  };
});

const source = fc.oneof(
  expression.map((inner) => `{{ ${inner} }}`),
  fc
    .tuple(expression, expression)
    .map(([a, b]) => `{% for x in ${a} %}{{ loop.index }}{{ ${b} }}{% else %}-{% endfor %}`),
  fc
    .tuple(expression, expression)
    .map(([a, b]) => `{% set y = ${a} %}{% if y %}{{ y }}{% elif ${b} %}{{ ${b} }}{% endif %}`),
  expression.map((inner) => `{% set y | trim %} {{ ${inner} }} {% endset %}{{ y|length }}`),
);

const pieces = fc.constantFrom(
  '{{',
  '}}',
  '{%',
  '%}',
  '{#',
  '#}',
  '-',
  '+',
  '|',
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  ',',
  ':',
  '.',
  '"',
  "'",
  '\\',
  '\n',
  'if',
  'else',
  'endif',
  'for',
  'in',
  'endfor',
  'set',
  'endset',
  'raw',
  'endraw',
  'is',
  'not',
  'and',
  'x',
  'loop',
  '1',
  '__proto__',
  'constructor',
  'é',
  '😀',
  '\ud800',
  '\0',
  ' ',
  '~',
  '**',
  '//',
  '=',
  '==',
  '!',
  ';',
);
const garbage = fc.oneof(
  fc.array(pieces, { maxLength: 30 }).map((parts) => parts.join('')),
  fc.array(pieces, { maxLength: 20 }).map((parts) => `{{ ${parts.join(' ')} }}`),
  fc.string({ unit: 'binary', maxLength: 60 }),
);

/** The result, or the code of the error of ours; anything else fails. */
function outcome(work: () => unknown): unknown {
  try {
    return { value: work() };
  } catch (thrown) {
    if (!isWfmError(thrown)) throw thrown;
    // These two sentences hide a fault of the interpreter itself.
    expect(thrown.message).not.toMatch(/cannot be rendered|limit of the host/);
    expect(thrown.params).toMatchObject({ line: expect.any(Number), column: expect.any(Number) });
    return { code: thrown.code, params: thrown.params };
  }
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const key of Object.keys(value)) deepFreeze((value as Record<string, unknown>)[key]);
  return Object.freeze(value);
}

deepFreeze(roots);
const before = JSON.stringify(roots);

describe('properties of every template', () => {
  it('6.8 any source ends in text or in an error of ours', () => {
    fc.assert(
      fc.property(fc.oneof(garbage, source), (text) => {
        outcome(() => renderTemplate(parseTemplate(text), context));
        outcome(() => readsOf(parseTemplate(text)));
      }),
      { numRuns: 3000 },
    );
  });

  it('6.2 the same input gives the same output', () => {
    fc.assert(
      fc.property(source, (text) => {
        const render = (): unknown => outcome(() => renderTemplate(parseTemplate(text), context));
        expect(render()).toEqual(render());
      }),
      { numRuns: 1000 },
    );
  });

  it('6.8 the roots are never changed', () => {
    fc.assert(
      fc.property(source, (text) => {
        outcome(() => evaluateTemplate(parseTemplate(text), context));
        expect(JSON.stringify(roots)).toBe(before);
      }),
      { numRuns: 1000 },
    );
  });

  it('5.4 a lone expression gives JSON data, whatever it computes', () => {
    fc.assert(
      fc.property(expression, (text) => {
        const result = outcome(() => evaluateTemplate(parseTemplate(`{{ ${text} }}`), context)) as { value?: unknown };
        if (!('value' in result)) return;
        expect(result.value).not.toBeUndefined();
        expect(JSON.parse(JSON.stringify(result.value))).toEqual(result.value);
      }),
      { numRuns: 1500 },
    );
  });

  it('6.1 text without delimiters renders as itself, but for one last newline', () => {
    const plain = fc
      .string({ unit: 'binary', maxLength: 200 })
      .filter((text) => !/\{[{%#]|\r\n/.test(text) && !text.startsWith('\ufeff'));
    fc.assert(
      fc.property(plain, (text) => {
        expect(renderTemplate(parseTemplate(text), context)).toBe(text.replace(/\n$/, ''));
        expect(resolveDeep(text, context)).toBe(text);
      }),
    );
  });

  it('6.1 a raw block gives its text back', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 100 }).filter((inner) => !/endraw|\r/.test(inner));
    fc.assert(
      fc.property(text, (inner) => {
        expect(renderTemplate(parseTemplate(`{% raw %}${inner}{% endraw %}`), context)).toBe(inner);
      }),
    );
  });

  it('5.4 any JSON is its own resolution when no string of it is a template', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!/\{[{%#]/.test(text) && !text.includes('__proto__') && !/"type":"(text|jinja2)"/.test(text));
        expect(resolveDeep(value, context)).toBe(value);
      }),
    );
  });

  it('6.6 a value prints as it parses back', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue({ maxDepth: 3 })), (value) => {
        const printed = renderTemplate(parseTemplate('x{{ value }}'), { roots: { value } });
        expect(JSON.parse(printed.slice(1))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
