import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isWfmError } from '../../../errors/index.ts';
import { limits } from '../../../models/limits.ts';
import { evaluateExpression } from './expression.ts';

const fields = {
  n: 7,
  half: 0.5,
  neg: -7,
  name: 'Ada',
  none: null,
  tags: ['a', 'b'],
  size: { w: 3, h: { cm: 4 } },
  ok: true,
  _raw: 'x',
  größe: 2,
};
const evaluate = (source: string): unknown => evaluateExpression(source, fields);
function codeOf(source: string, values: Record<string, unknown> = fields): string {
  try {
    evaluateExpression(source, values);
  } catch (thrown) {
    if (isWfmError(thrown)) return thrown.code;
    throw thrown;
  }
  return 'none';
}

describe('14.10 computed expressions', () => {
  test.each<[string, unknown]>([
    ['1 + 2 * 3', 7],
    ['(1 + 2) * 3', 9],
    ['10 - 4 - 3', 3],
    ['2 ** 3 ** 2', 512],
    ['-2 ** 2', -4],
    ['2 ** -1', 0.5],
    ['7 / 2', 3.5],
    ['7 // 2', 3],
    ['neg // 2', -4],
    ['neg % 3', 2],
    ['7 % -3', -2],
    ['.5 + 1e2 + 1.', 101.5],
    ['--3', 3],
    ['+n', 7],
    ['"a" + \'b\\n"\'', 'ab\n"'],
    ['n', 7],
    ['größe * 2', 4],
    ['_raw', 'x'],
    ['none', null],
    ['size.w * size["h"].cm', 12],
    ['tags[0] + tags[-1]', 'ab'],
    ['tags[9]', null],
    ['size.depth', null],
    ['name[1]', 'd'],
    ['[1, 2, n][2]', 7],
    ['n == 7.0', true],
    ['n != "7"', true],
    ['tags == ["a", "b"]', true],
    ['size == size and size != tags', true],
    ['1 < 2 < 3', true],
    ['1 < 3 < 2', false],
    ['"a" < "b"', true],
    ['n >= 7 and n <= 7', true],
    ['not n == 8', true],
    ['!ok || n > 6 && true', true],
    ['none or "fallback"', 'fallback'],
    ['name and n', 7],
    ['0 and missing', 0],
    ['1 or missing', 1],
    ['"big" if n > 5 else "small"', 'big'],
    ['n > 9 ? "huge" : n > 5 ? "big" : "small"', 'big'],
    ['1 if none else 2 if "" else 3', 3],
    ['2 if tags else missing', 2],
    ['(n if ok else 0) + 1', 8],
    ['True and not False and None == null', true],
    ['ceil(1.2) + floor(1.8)', 3],
    ['sqrt(16) + pow(2, 3) + abs(neg)', 19],
    ['min(3, 1, 2) + max([4, 9])', 10],
    ['round(2.5) + round(-2.5) + round(1.005, 2)', 1.01],
    ['round(1234, -2)', 1200],
    ['len("a😀") + len(tags) + len(size)', 6],
  ])('14.10 %s gives %j', (source, value) => {
    expect(evaluate(source)).toEqual(value);
  });

  test.each([
    '',
    '1 +',
    '1 2',
    '(1',
    '1)',
    'a b',
    '"open',
    "'\\x41'",
    '1 ? 2',
    '1 if 2',
    'if',
    '#',
    'n = 3',
    '`x`',
    'n;n',
    'missing',
    'missing.x',
    'none.x',
    'n.x',
    'n[0]',
    'tags["length"]',
    'size[0]',
    '1 / 0',
    'n % 0',
    'n // 0',
    'sqrt(-1)',
    '10 ** 400',
    '"a" * 3',
    '"a" + 1',
    'none + 1',
    '-"a"',
    '"a" < 1',
    'none < 1',
    'len(5)',
    'len()',
    'ceil()',
    'ceil(1, 2)',
    'min()',
    'min("a")',
    'round(1, 0.5)',
    'exit()',
    'len',
    '(len)(tags)',
    'x => x',
    '{}',
    '...tags',
  ])('14.10 %j is input_invalid', (source) => {
    expect(codeOf(source)).toBe('input_invalid');
  });

  test('a fault names its column', () => {
    expect(() => evaluate('1 + missing')).toThrow('column 5: there is no field called "missing"');
  });
});

describe('23 limits of expressions', () => {
  test('23 2 KB of source', () => {
    expect(codeOf(`1${' '.repeat(limits.expressionSource - 1)}`)).toBe('none');
    expect(codeOf(`1${' '.repeat(limits.expressionSource)}`)).toBe('expression_limit');
    expect(codeOf(`"${'é'.repeat(limits.expressionSource / 2)}"`)).toBe('expression_limit');
  });

  test.each([
    ['brackets', '('.repeat(40) + 1 + ')'.repeat(40)],
    ['signs', `${'-'.repeat(1500)}1`],
    ['negations', `${'not '.repeat(400)}1`],
    ['powers', Array.from({ length: 100 }, () => '1').join('**')],
    ['choices', `${'1?1:'.repeat(300)}1`],
    ['calls', 'abs('.repeat(50) + 1 + ')'.repeat(50)],
  ])('23 32 levels of %s', (_what, source) => {
    expect(codeOf(source)).toBe('expression_limit');
  });

  test('23 long chains are not deep', () => {
    expect(evaluate(Array.from({ length: 500 }, () => '1').join('+'))).toBe(500);
  });

  test('23 10 000 operations, counting the size of what is compared and joined', () => {
    const text = 'x'.repeat(100_000);
    expect(codeOf('t + t + t == t', { t: text })).toBe('expression_limit');
    expect(codeOf('a == b', { a: Array.from({ length: 200_000 }, () => 1), b: [] })).toBe('expression_limit');
    expect(codeOf('max(a)', { a: Array.from({ length: 200_000 }, () => 1) })).toBe('expression_limit');
  });
});

describe('S5 nothing outside is reachable', () => {
  test.each([
    'constructor',
    '__proto__',
    'toString',
    'this',
    'globalThis',
    'process',
    'name.constructor',
    'tags.constructor',
    'tags["constructor"]["constructor"]("return process")()',
    'size.constructor.constructor("return this")()',
    'size.__proto__.polluted',
    'constructor.constructor("x")()',
    'len.call()',
    'toString()',
    'valueOf()',
    'pow.constructor("return 1")()',
    'eval("1")',
    'Function("return 1")()',
    'require("fs")',
    'import("fs")',
    'new Date()',
    'n++',
    'size.w = 1',
    '__proto__()',
    'hasOwnProperty("n")',
  ])('S5 %s is refused', (source) => {
    expect(codeOf(source)).toBe('input_invalid');
  });

  test('S5 prototypes read as nothing', () => {
    for (const key of ['constructor', '__proto__', 'prototype', 'toString', 'hasOwnProperty'])
      expect(evaluate(`size["${key}"]`)).toBeNull();
    const own: Record<string, unknown> = JSON.parse('{"o": {"__proto__": {"x": 1}, "constructor": 2}}');
    expect(evaluateExpression('o.__proto__', own)).toBeNull();
    expect(evaluateExpression('o.constructor', own)).toBeNull();
  });

  test('S5 whatever is written, the answer is a plain value or one of two errors', () => {
    const piece = fc.constantFrom(
      ...'n name tags size none ok ( ) [ ] . , + - * / // % ** == != < >= and or not if else ? : ! && || 1 0.5 "a" len( min( constructor __proto__ true'.split(
        ' ',
      ),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(' ')),
          fc.string({ maxLength: 30 }),
        ),
        (source) => {
          const code = codeOf(source);
          expect(['none', 'input_invalid', 'expression_limit']).toContain(code);
          if (code === 'none') expect(() => structuredClone(evaluate(source))).not.toThrow();
        },
      ),
      { numRuns: 500 },
    );
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  test('arithmetic agrees with the host language', () => {
    interface Sum {
      source: string;
      value: number;
    }
    const work: Record<string, (a: number, b: number) => number> = {
      '+': (a, b) => a + b,
      '-': (a, b) => a - b,
      '*': (a, b) => a * b,
    };
    const { node } = fc.letrec<{ node: Sum }>((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        fc.integer({ min: 0, max: 99 }).map((value) => ({ source: String(value), value })),
        fc.tuple(tie('node'), fc.constantFrom('+', '-', '*'), tie('node')).map(([a, sign, b]) => ({
          source: `(${a.source} ${sign} ${b.source})`,
          value: work[sign]?.(a.value, b.value) ?? 0,
        })),
      ),
    }));
    fc.assert(
      fc.property(node, ({ source, value }) => {
        expect(evaluateExpression(source, {})).toBe(value === 0 ? 0 : value);
      }),
      { numRuns: 200 },
    );
  });
});
