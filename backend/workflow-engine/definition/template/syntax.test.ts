import { describe, expect, it } from 'vitest';
import { evaluate, failureOf, render } from './fixtures/render.ts';
import { parseTemplate } from './index.ts';

const roots = { a: { b: { c: 'deep' }, 'odd key': 1 }, rows: [{ n: 1 }, { n: 2 }, { n: 3 }], key: 'b', one: 1 };

describe('6.1 literals and access', () => {
  it.each([
    ['{{ "a\\n\\u00e9\\x41\\"" }}', 'a\néA"'],
    ["{{ 'side ' 'by ' 'side' }}", 'side by side'],
    ['{{ 12 }} {{ 1.50 }} {{ 1e3 }}', '12 1.5 1000'],
    ['{{ true }}{{ True }}{{ false }}{{ False }}{{ none }}{{ None }}', 'TrueTrueFalseFalseNoneNone'],
    ['{{ a.b.c }}{{ a["b"].c }}{{ a[key]["c"] }}', 'deepdeepdeep'],
    ['{{ a["odd key"] }}', '1'],
    ['{{ rows[0].n }}{{ rows.1.n }}{{ rows[-1].n }}{{ rows[rows[0].n].n }}', '1232'],
    ['{{ rows[1:]|length }}{{ rows[:-2]|length }}{{ "hello"[1:3] }}{{ "abc"[::-1] }}', '21elcba'],
    ['{{ "a😀b"[1] }}{{ "a😀b"[1:] }}', '😀😀b'],
    ['{{ {1: "x"}[1] }}{{ {"k": {"k": 2}}.k.k }}', 'x2'],
    ['{{ (1, 2)[1] }}{{ [1, [2, 3]][1][0] }}', '22'],
    ["{{ '}}' }}{{ {'a': {'b': 1}} }}", '}}{"a": {"b": 1}}'],
  ])('6.1 %s', (source, expected) => {
    expect(render(source, roots)).toBe(expected);
  });

  it('6.1 a tuple is a list', () => {
    expect(evaluate('{{ (1, "a") }}')).toEqual([1, 'a']);
    expect(evaluate('{{ () }}')).toEqual([]);
  });
});

describe('6.1 operators, loosest first', () => {
  it.each([
    ['{{ 1 if false else 2 + 3 }}', '5'],
    ['{{ "x" if false }}|', '|'],
    ['{{ 1 or 0 and 0 }}', '1'],
    ['{{ not 0 and 0 }}', '0'],
    ['{{ not 1 == 2 }}', 'True'],
    ['{{ 2 + 3 in [5] }}', 'True'],
    ['{{ 1 not in [2] }}', 'True'],
    ['{{ 1 < 2 < 3 }}{{ 3 > 2 > 2 }}{{ 1 < 3 == true }}', 'TrueFalseFalse'],
    ['{{ 2 * 3 ~ 4 }}', '64'],
    ['{{ 2 + 3 * 4 }}', '14'],
    ['{{ 2 * 3 ** 2 }}', '18'],
    ['{{ 2 ** 3 ** 2 }}', '64'],
    ['{{ -2 ** 2 }}', '4'],
    ['{{ 2 ** -1 }}', '0.5'],
    // Filters bind tighter than signs; Jinja has it the other way round.
    ['{{ -1|abs }}', '-1'],
    ['{{ (-1)|abs }}', '1'],
    ['{{ 1 + 2|string|length }}', '2'],
    ['{{ 3 is odd and 4 is even }}', 'True'],
    ['{{ 6 is divisibleby 3 if true else 1 }}', 'True'],
    ['{{ a.b is mapping }}{{ a.b is not mapping }}', 'TrueFalse'],
  ])('6.1 %s', (source, expected) => {
    expect(render(source, roots)).toBe(expected);
  });

  it('6.1 "and" and "or" give the operand that decided', () => {
    expect(evaluate('{{ "" or "x" }}')).toBe('x');
    expect(evaluate('{{ [] and 1 }}')).toEqual([]);
  });
});

describe('6.1 statements', () => {
  it.each([
    ['{% if one == 2 %}a{% elif one == 1 %}b{% else %}c{% endif %}', 'b'],
    ['{% for r in rows %}{{ r.n }}{% if not loop.last %}, {% endif %}{% endfor %}', '1, 2, 3'],
    ['{% for k, v in {"x": 1, "y": 2}.items() %}{{ k }}{{ v }}{% endfor %}', 'x1y2'],
    ['{% for k, v in {"x": 1, "y": 2} %}{{ k }}{{ v }}{% endfor %}', 'x1y2'],
    ['{% for r in rows if r.n > 1 %}{{ loop.index }}{{ r.n }}/{{ loop.length }} {% endfor %}', '12/2 23/2 '],
    ['{% for r in rows if r.n > 9 %}x{% else %}none{% endfor %}', 'none'],
    ['{% for x in 1, 2 %}{{ x }}{% endfor %}', '12'],
    ['{% for r in rows %}{{ loop.previtem.n }}<{{ r.n }}<{{ loop.nextitem.n }};{% endfor %}', '<1<2;1<2<3;2<3<;'],
    [
      '{% for i in [1] %}{{ loop.depth }}{% for j in [1] %}{{ loop.depth }}{% endfor %}{{ loop.depth }}{% endfor %}',
      '121',
    ],
    [
      '{% for i in [1, 2] %}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}{% endfor %}',
      '021True110False',
    ],
    ['{% set x = 1 %}{% for i in [1] %}{% set x = 2 %}{{ x }}{% endfor %}{{ x }}', '21'],
    ['{% set x = 1 %}{% if true %}{% set x = 2 %}{% endif %}{{ x }}', '2'],
    ['{% set ns = namespace(n=0) %}{% for r in rows %}{% set ns.n = ns.n + r.n %}{% endfor %}{{ ns.n }}', '6'],
    ['{% set x %}<{{ one }}>{% endset %}{{ x }}{{ x|length }}', '<1>3'],
    ['{% set x | upper | reverse %}ab{% endset %}{{ x }}', 'BA'],
    ['{% set ns = namespace() %}{% set ns.t %}hi{% endset %}{{ ns.t }}', 'hi'],
    ['{% set a, b = [1, 2] %}{{ b }}{{ a }}', '21'],
    ['{% raw %}{{ a }}{% if %}{# #}{% endraw %}', '{{ a }}{% if %}{# #}'],
    ['a{# {{ b }} {% if %} #}c', 'ac'],
  ])('6.1 %s', (source, expected) => {
    expect(render(source, roots)).toBe(expected);
  });

  it.each('include import from extends block macro call filter autoescape do with break continue'.split(' '))(
    '6.1 the statement "%s" is refused',
    (name) => {
      const failure = failureOf(() => parseTemplate(`ab\n {% ${name} x %}`));
      expect(failure).toMatchObject({ code: 'template_unsupported', params: { name, line: 2, column: 2 } });
    },
  );

  it('6.1 recursive loops are refused', () => {
    expect(failureOf(() => parseTemplate('{% for a in b recursive %}{% endfor %}')).code).toBe('template_unsupported');
  });
});

describe('6.8 errors carry line and column', () => {
  it.each([
    ['{{ a', 1, 1],
    ['x\n  {% if a %}', 2, 3],
    ['{# never', 1, 1],
    ['{% raw %} never', 1, 1],
    ['{{ a b }}', 1, 6],
    ['{{ "a }}', 1, 4],
    ['a\nb {{ 1 + }}', 2, 10],
    ['{{ a..b }}', 1, 6],
    ['{{ [1, 2 }}', 1, 10],
    ['{{ 1) }}', 1, 5],
    ['{{ (1, 2] }}', 1, 9],
    ['{{ a ! b }}', 1, 6],
    ['{% endif %}', 1, 1],
    ['{% nonsense %}', 1, 1],
    ['{% for a b in c %}{% endfor %}', 1, 10],
    ['{% for loop in c %}{% endfor %}', 1, 8],
    ['{% set a.b.c = 1 %}', 1, 11],
    ['{% %}', 1, 4],
    ['{{ }}', 1, 4],
    ['{{ a is divisibleby }}', 1, 9],
    ['{{ a is defined(1) }}', 1, 9],
    ['{{ a|replace("x") }}', 1, 6],
    ['{{ a|upper(1) }}', 1, 6],
    ['{{ a|sort(nosuch=1) }}', 1, 6],
    ['{{ f(a=1, 2) }}', 1, 11],
    ['{{ f(a=1, a=2) }}', 1, 11],
    ['{{ not }}', 1, 8],
    ['{{ 1e999 }}', 1, 4],
    ['{{ a not b }}', 1, 10],
  ])('%j', (source, line, column) => {
    const failure = failureOf(() => parseTemplate(source));
    expect(failure).toMatchObject({ code: 'template_syntax', params: { line, column } });
    expect(failure.message).toContain(`line ${line}, column ${column}`);
  });

  it.each([
    ['{{ a|nosuch }}', 'nosuch', 6],
    ['{{ a is nosuch }}', 'nosuch', 9],
    ['{{ a|map("nosuch") }}', 'nosuch', 10],
    ['{{ a|selectattr("x", "nosuch") }}', 'nosuch', 22],
    ['{{ a|random }}', 'random', 6],
    ['{{ a|attr("x") }}', 'attr', 6],
    ['{{ a|constructor }}', 'constructor', 6],
    ['{{ a is __proto__ }}', '__proto__', 9],
  ])('6.2, 6.3 an unknown filter or test is found while parsing: %s', (source, name, column) => {
    expect(failureOf(() => parseTemplate(source))).toMatchObject({
      code: 'filter_unknown',
      params: { name, line: 1, column },
    });
  });

  it('a run-time error names place, line and column', () => {
    const failure = failureOf(() => render('ok\n{{ 1 / one }} {{ 1 / 0 }}', roots, { place: 'steps[0]' }));
    expect(failure).toMatchObject({ code: 'template_error', params: { line: 2, column: 18 } });
    expect(() => render('{{ 1 / 0 }}', {}, { place: 'steps[0]' })).toThrow(
      expect.objectContaining({ place: 'steps[0]' }),
    );
  });
});

describe('6.7 white space', () => {
  it.each([
    ['a \n {%- if true -%} \n b \n {%- endif -%} \n c', 'abc'],
    ['a {%+ if true +%} b {% endif %} c', 'a  b  c'],
    ['a {{- 1 -}} b', 'a1b'],
    ['a {#- x -#} b', 'ab'],
    ['a {{+ 1 +}} b', 'a 1 b'],
    ['{% if true %}\nx\n{% endif %}\n', '\nx\n'],
    ['x\n', 'x'],
    ['x\n\n', 'x\n'],
    ['x\r\ny\r\n', 'x\ny'],
    ['x\ry', 'x\ry'],
    ['\ufeffx', 'x'],
    [' \t x \u00a0', ' \t x \u00a0'],
  ])('6.7 %j', (source, expected) => {
    expect(render(source)).toBe(expected);
  });
});

describe('parsing', () => {
  it('the same source gives the same tree', () => {
    expect(parseTemplate('{{ a }} b')).toBe(parseTemplate('{{ a }} b'));
  });

  it.each([
    ['{{ a }}', true],
    ['  {{ a }}\n', true],
    ['{{- a -}}', true],
    ['{{ a }}.', false],
    ['{{ a }}{{ b }}', false],
    ['{# c #}{{ a }}', false],
    ['{% if a %}{{ a }}{% endif %}', false],
    ['{% raw %}{{ a }}{% endraw %}', false],
    ['a', false],
    ['', false],
  ])('5.4 %j is one lone expression: %s', (source, isLone) => {
    expect(parseTemplate(source).lone !== null).toBe(isLone);
  });
});
