import { describe, expect, it } from 'vitest';
import { evaluate, failureOf, render, warningsOf } from './fixtures/render.ts';
import { templateGlobals, templateMethods, templateTests } from './index.ts';

const now = new Date('2024-02-29T23:05:09.120Z');

describe('6.3 tests', () => {
  it('6.3 the list of tests is the rule', () => {
    const rule =
      'boolean defined divisibleby eq equalto even false float ge gt in integer iterable le lower lt mapping ne none ' +
      'number odd sameas sequence string true undefined upper';
    expect(templateTests).toEqual(rule.split(' ').sort());
  });

  it.each([
    ['true is boolean', '1 is boolean'],
    ['l is defined', 'x is defined'],
    ['x.y.z is undefined', 'l is undefined'],
    ['6 is divisibleby 3', '7 is divisibleby(3)'],
    ['[1, {"a": 2}] is eq [1, {"a": 2}]', '[1] is equalto [2]'],
    ['4 is even', '3 is even'],
    ['(-3) is odd', 'x is odd'],
    ['false is false', 'none is false'],
    ['1.5 is float', '1 is float'],
    ['2 is ge 2', '1 is ge 2'],
    ['3 is gt 2', 'x is gt 2'],
    ['1 is in [1]', '"z" is in "abc"'],
    ['2.0 is integer', '"2" is integer'],
    ['"a" is iterable', '1 is iterable'],
    ['1 is le 1', '2 is le 1'],
    ['"ab1" is lower', '"aB" is lower'],
    ['1 is lt 2', '1 is lt x'],
    ['{} is mapping', '[] is mapping'],
    ['1 is ne 2', '1 is ne 1'],
    ['none is none', 'x is none'],
    ['1 is number', 'true is number'],
    ['l is sameas l', '[1] is sameas [1]'],
    ['[] is sequence', '1 is sequence'],
    ['"" is string', '1 is string'],
    ['true is true', '1 is true'],
    ['"AB" is upper', '"1" is upper'],
    ['x is not defined', 'l is not defined'],
  ])('6.3 %s, but not %s', (yes, no) => {
    expect(evaluate(`{{ ${yes} }}`, { l: [1] })).toBe(true);
    expect(evaluate(`{{ ${no} }}`, { l: [1] })).toBe(false);
  });
});

describe('6.4 globals', () => {
  it.each<[string, unknown]>([
    ['{{ range(3) }}', [0, 1, 2]],
    ['{{ range(1, 3) }}', [1, 2]],
    ['{{ range(5, 0, -2) }}', [5, 3, 1]],
    ['{{ range(3, 0) }}', []],
    ['{{ dict(a=1, b=[x]) }}', { a: 1, b: [null] }],
    ['{{ dict([["a", 1]], b=2) }}', { a: 1, b: 2 }],
    ['{{ namespace(a=1) }}', { a: 1 }],
    ['{{ now().year }}', 2024],
    ['{{ [now().month, now().day, now().hour, now().minute, now().second] }}', [2, 29, 23, 5, 9]],
    ['{{ now() }}', '2024-02-29T23:05:09.120000+00:00'],
    ['{{ now().isoformat() }}', '2024-02-29T23:05:09.120000+00:00'],
    ['{{ {"at": now()} }}', { at: '2024-02-29T23:05:09.120000+00:00' }],
    ['{{ now().strftime("%Y-%m-%d %H:%M:%S.%f %j %y %%") }}', '2024-02-29 23:05:09.120000 060 24 %'],
    ['{{ now().strftime("%A %a %B %b %e %-d %I %p %Z %z") }}', 'Thursday Thu February Feb 29 29 11 PM UTC +0000'],
    [
      '{{ now().strftime("%w %u %U %W %G-W%V %F %T %R %D %s %Q") }}',
      '4 4 08 09 2024-W09 2024-02-29 23:05:09 23:05 02/29/24 1709247909 %Q',
    ],
  ])('6.4 %s', (source, expected) => {
    expect(evaluate(source, {}, { now })).toEqual(expected);
  });

  it('6.4 now() is read in the zone of the run', () => {
    const inZone = (timezone: string): string => render('{{ now().strftime("%F %T %z") }}', {}, { now, timezone });
    expect(inZone('Asia/Kolkata')).toBe('2024-03-01 04:35:09 +0530');
    expect(inZone('America/New_York')).toBe('2024-02-29 18:05:09 -0500');
    expect(failureOf(() => inZone('Mars/Base')).code).toBe('template_error');
  });

  it('6.4 without an instant there is no clock', () => {
    expect(evaluate('{{ now() }}')).toBeNull();
    expect(warningsOf('{{ now().year }}')).toHaveLength(1);
  });

  it('6.4 a range has at most 10 000 items', () => {
    expect(evaluate('{{ range(10000)|length }}')).toBe(10_000);
    expect(failureOf(() => render('{{ range(10001) }}'))).toMatchObject({
      code: 'template_limit',
      params: { limit: 10_000, actual: 10_001 },
    });
  });

  it.each(['range()', 'range("a")', 'range(1.5)', 'range(1, 2, 0)', 'dict(1)', 'dict([[1]])', 'now(1)'])(
    '6.4 misuse is template_error: %s',
    (call) => {
      expect(failureOf(() => render(`{{ ${call} }}`, {}, { now })).code).toBe('template_error');
    },
  );

  it('6.4 a root of the same name wins', () => {
    expect(render('{{ range }}', { range: 'data' })).toBe('data');
    expect(templateGlobals).toEqual(['dict', 'namespace', 'now', 'range']);
  });

  it.each([
    '{% set a.b = 1 %}',
    '{% set a = {} %}{% set a.b = 1 %}',
    '{% set a = namespace() %}{% set a.__proto__ = 1 %}',
  ])('6.1 only a namespace takes attributes: %s', (source) => {
    expect(failureOf(() => render(source)).code).toBe('template_error');
  });
});

describe('6.5 methods', () => {
  it.each<[string, unknown]>([
    ['{{ "aB".upper() ~ "aB".lower() ~ "a b".title() ~ "aB".capitalize() }}', 'ABabA BAb'],
    ['{{ " a ".strip() ~ "|" ~ "xax".lstrip("x") ~ "|" ~ "xax".rstrip(chars="x") }}', 'a|ax|xa'],
    ['{{ "a,b,c".split(",") }}', ['a', 'b', 'c']],
    ['{{ "a,b,c".split(",", maxsplit=1) }}', ['a', 'b,c']],
    ['{{ " a  b ".split() }}', ['a', 'b']],
    ['{{ "aaa".replace("a", "b", 2) }}', 'bba'],
    ['{{ "abc".startswith("ab") and "abc".endswith(["x", "c"]) }}', true],
    ['{{ "-".join([1, "a"]) }}', '1-a'],
    [
      '{{ d.items() }}',
      [
        ['a', 1],
        ['b', null],
      ],
    ],
    ['{{ d.keys() }}', ['a', 'b']],
    ['{{ d.values() }}', [1, null]],
    ['{{ [d.get("a"), d.get("x"), d.get("x", 5), d.get("x", default=6)] }}', [1, null, 5, 6]],
    ['{{ d["get"]("a") }}', 1],
  ])('6.5 %s', (source, expected) => {
    expect(evaluate(source, { d: { a: 1, b: null } })).toEqual(expected);
  });

  it('6.5 data keys win over methods, but a call means the method: data is never callable', () => {
    const roots = { d: { items: [1], other: 'k' } };
    expect(render('{{ d.items }}{{ d.other }}', roots)).toBe('[1]k');
    expect(render('{% for key, value in d.items() %}{{ key }}={{ value }};{% endfor %}', roots)).toBe(
      'items=[1];other=k;',
    );
    expect(failureOf(() => render('{{ d.other() }}', roots))).toMatchObject({
      code: 'template_error',
      params: { expression: 'd.other' },
    });
  });

  it.each(['[1].append(2)', '"a".format(1)', '"a".length()', '{}.pop("a")', '(1).toString()', 'loop.cycle(1)', 'f()'])(
    '6.5 nothing else is callable: %s is undefined',
    (call) => {
      expect(evaluate(`{{ ${call} }}`)).toBeNull();
      expect(warningsOf(`{{ ${call} }}`)).not.toEqual([]);
    },
  );

  it.each(['"a".replace("a")', '"a".split("")', '"a".upper(1)', '"a".split(nosuch=1)', '"a".startswith(1)', 'r.x()'])(
    '6.5 misuse is template_error: %s',
    (call) => {
      expect(failureOf(() => render(`{{ ${call} }}`, { r: { x: 1 } })).code).toBe('template_error');
    },
  );

  it('6.5 a method that is not called is undefined', () => {
    expect(evaluate('{{ "a".upper }}')).toBeNull();
    expect(templateMethods.object).toEqual(['items', 'keys', 'values', 'get']);
  });
});

describe('6.6 undefined, truth, printing', () => {
  it.each<[string, unknown]>([
    ['{{ x.y.z }}', null],
    ['a{{ x.y }}b', 'ab'],
    ['{% for i in x.y %}a{% else %}b{% endfor %}', 'b'],
    ['{{ x == y }}', true],
    ['{{ x == none or x == "" or x == false or x == 0 }}', false],
    ['{{ x != none }}', true],
    ['{{ x < 1 or x > 1 or x <= 1 or x >= 1 or 1 < x }}', false],
    ['{{ x in [1] or 1 in x }}', false],
    ['{{ 1 not in x }}', true],
    ['{{ x + 1 }}', null],
    ['{{ 1 - x * 2 }}', null],
    ['{{ -x }}', null],
    ['{{ "a" ~ x ~ "b" }}', 'ab'],
    ['{{ x() }}', null],
    ['{{ x.y.z() }}', null],
    ['{{ x[0][x] }}', null],
    ['{{ x[1:] }}', null],
    ['{{ [x, {"a": x}] }}', [null, { a: null }]],
    ['{{ n.a }}{{ num.a }}{{ num[0] }}{{ list.a }}{{ list[9] }}{{ list["0"] }}{{ s.a }}|', '|'],
    ['{{ n.a }}', null],
    ['{{ num[1:] }}', null],
  ])('6.6 %s', (source, expected) => {
    expect(evaluate(source, { n: null, num: 5, list: [1], s: 'text' })).toEqual(expected);
  });

  it.each([['none'], ['x'], ['0'], ['""'], ['[]'], ['{}'], ['false'], ['0.0']])('6.6 %s is false', (value) => {
    expect(render(`{{ "yes" if ${value} else "no" }}{{ not ${value} }}`)).toBe('noTrue');
  });

  it.each([['1'], ['-1'], ['"0"'], ['[0]'], ['{"a": 0}'], ['true'], ['namespace()']])('6.6 %s is true', (value) => {
    expect(render(`{{ "yes" if ${value} else "no" }}`)).toBe('yes');
  });

  it.each([
    ['{{ 3.0 }} {{ 6 / 2 }} {{ 0.5 }} {{ 1e21 }} {{ 0 - 0 }}', '3 3 0.5 1e+21 0'],
    ['{{ true }} {{ false }} {{ none }} {{ x }}', 'True False None '],
    ['{{ [1, "a", none, true, 2.0, [], {}] }}', '[1, "a", null, true, 2, [], {}]'],
    ['{{ {"a": {"b": "é\n\\""}} }}', '{"a": {"b": "é\\n\\""}}'],
    ['{{ [x] }}', '[null]'],
    ['{{ namespace(a=1) }}', '{"a": 1}'],
    [
      '{% for i in [1] %}{{ loop }}{% endfor %}',
      '{"index": 1, "index0": 0, "first": true, "last": true, "length": 1, "depth": 1}',
    ],
  ])('6.6 printing %s', (source, expected) => {
    expect(render(source)).toBe(expected);
  });

  it.each<[string, unknown]>([
    ['{{ 7 / 2 }}', 3.5],
    ['{{ 7 // 2 }}', 3],
    ['{{ -7 // 2 }}', -4],
    ['{{ 7 % -3 }}', -2],
    ['{{ -7 % 3 }}', 2],
    ['{{ 5.5 % 2 }}', 1.5],
    ['{{ 2 ** 0.5 }}', Math.SQRT2],
    ['{{ true + 1 }}', 2],
    ['{{ "ab" * 2 }}', 'abab'],
    ['{{ 2 * [1] }}', [1, 1]],
    ['{{ "a" * -1 }}', ''],
    ['{{ [1] + [2] }}', [1, 2]],
    ['{{ "%03d" % 7 }}', '007'],
    ['{{ 1 == 1.0 and 1 == true and [1, [2]] == [1, [2]] }}', true],
    ['{{ "1" == 1 }}', false],
    ['{{ [1, 2] < [1, 3] }}', true],
  ])('6.6 %s', (source, expected) => {
    expect(evaluate(source)).toEqual(expected);
  });

  it.each([
    '1 / 0',
    '1 // 0',
    '1 % 0',
    '"a" + 1',
    '1 - "a"',
    '{} * 2',
    '[1] * 1.5',
    '10 ** 400',
    '(-8) ** 0.5',
    '1 < "a"',
    'none < 1',
    '{} < {}',
    '1 in 5',
    '-"a"',
    '[1][1:2:0]',
    '[1]["a":]',
  ])('6.6 %s is template_error', (expression) => {
    expect(failureOf(() => render(`{{ ${expression} }}`)).code).toBe('template_error');
  });

  it('6.6 only what can be walked is iterated', () => {
    expect(failureOf(() => render('{% for i in 5 %}{% endfor %}')).code).toBe('template_error');
    expect(failureOf(() => render('{% for i in none %}{% endfor %}')).code).toBe('template_error');
    expect(failureOf(() => render('{% for a, b in [[1]] %}{% endfor %}')).code).toBe('template_error');
    expect(failureOf(() => render('{% for a, b in [1] %}{% endfor %}')).code).toBe('template_error');
  });
});

describe('5.5 each undefined lookup is reported', () => {
  it.each<[string, string[]]>([
    ['{{ state.nosuch }}', ['state.nosuch']],
    ['{{ state.nosuch.deep[0].x }}', ['state.nosuch.deep[0].x']],
    ['{{ state.a }}{{ state.b["c"] }}', ['state.b["c"]']],
    ['{{ state[nosuch] }}', ['nosuch']],
    ['{{ (state.nosuch).x[0] }}', ['(state.nosuch).x[0]']],
    ['{{ f()() }}', ['f()']],
    ['{% if state.nosuch %}x{% endif %}', ['state.nosuch']],
    ['{{ state.nosuch|default(1) }}{{ state.nosuch is defined }}{{ state.nosuch is not defined }}', []],
    ['{{ state.nosuch or state.other }}', ['state.nosuch', 'state.other']],
    ['{{ state.nosuch + 1 }}', ['state.nosuch']],
    ['{{ []|first + 1 }}', ['[]|first + 1']],
    ['{{ state.nosuch.upper() }}', ['state.nosuch.upper()']],
    ['{% for i in [1] %}{{ loop.previtem }}{{ loop.nextitem.a }}{% endfor %}', ['loop.nextitem.a']],
    ['{{ "x" if false }}', []],
    ['{{ state.a[1:2] }}', ['state.a[1:2]']],
  ])('5.5 %s', (source, expected) => {
    expect(warningsOf(source, { state: { a: 1 } })).toEqual(expected);
  });
});

describe('2.4 strict reading for status displays', () => {
  const strict = (source: string): string => render(source, { state: { a: {} } }, { strictUndefined: true });

  it.each([
    '{{ state.b.c }}',
    '{{ state.b[0] }}',
    '{{ state.b.c|default("x") }}',
    '{{ state.b.upper() }}',
    '{{ state.b[1:] }}',
    '{{ nosuch.x }}',
    '{{ [state.a]|map(attribute="b.c")|join }}',
  ])('2.4 %s reads from an undefined value', (source) => {
    expect(failureOf(() => strict(source)).code).toBe('template_error');
  });

  it.each(['{{ state.b }}', '{{ state.a.b }}', '{{ state.b|default("") }}', '{{ state.b|first }}'])(
    '2.4 %s does not',
    (source) => {
      expect(strict(source)).toBe('');
    },
  );
});

describe('5.4 a lone expression keeps its type', () => {
  it.each<[string, unknown]>([
    ['{{ state.list }}', [1, { a: 2 }]],
    ['  {{ state.n }}\n', 5],
    ['{{ state.yes }}', true],
    ['{{ state.nothing }}', null],
    ['{{ state.nosuch }}', null],
    ['{{ state.text }}', '{{ state.n }}'],
    ['{{ state.n }}!', '5!'],
    ['{{ state.n }}{{ state.n }}', '55'],
    ['{{ "a" if false }}', null],
  ])('5.4 %s', (source, expected) => {
    const state = { list: [1, { a: 2 }], n: 5, yes: true, nothing: null, text: '{{ state.n }}' };
    expect(evaluate(source, { state })).toEqual(expected);
  });

  it('5.4 a path hands out the data itself', () => {
    const state = { list: [1] };
    expect(evaluate('{{ state.list }}', { state })).toBe(state.list);
    expect(evaluate('{{ state.list or [] }}', { state })).toBe(state.list);
  });
});
