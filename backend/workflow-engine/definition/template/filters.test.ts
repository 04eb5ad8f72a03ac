import { describe, expect, it } from 'vitest';
import { evaluate, failureOf, render, warningsOf } from './fixtures/render.ts';
import { templateFilters } from './index.ts';

const people = [
  { name: 'Ann', age: 30, city: { id: 'b' } },
  { name: 'bob', age: 20, city: { id: 'a' } },
  { name: 'Cid', age: 25, city: { id: 'b' } },
];
const roots = { people, text: 'one two', n: null };

describe('6.2 filters', () => {
  it('6.2 the list of filters is the rule', () => {
    const rule =
      'abs batch capitalize count default d dictsort escape e first float format groupby indent int items join last ' +
      'length list lower map max min pprint reject rejectattr replace reverse round safe select selectattr slice sort ' +
      'string striptags sum title tojson trim truncate unique upper urlencode wordcount wordwrap';
    expect(templateFilters).toEqual(rule.split(' ').sort());
  });

  it.each<[string, unknown]>([
    ['{{ (-3)|abs }}', 3],
    [
      '{{ [1, 2, 3]|batch(2, 0) }}',
      [
        [1, 2],
        [3, 0],
      ],
    ],
    [
      '{{ [1, 2, 3, 4, 5]|slice(2) }}',
      [
        [1, 2, 3],
        [4, 5],
      ],
    ],
    [
      '{{ [1, 2, 3]|slice(2, "x") }}',
      [
        [1, 2],
        [3, 'x'],
      ],
    ],
    [
      '{{ {"b": 1, "A": 2}|dictsort }}',
      [
        ['A', 2],
        ['b', 1],
      ],
    ],
    [
      '{{ {"b": 1, "a": 2}|dictsort(by="value", reverse=true) }}',
      [
        ['a', 2],
        ['b', 1],
      ],
    ],
    ['{{ {"a": 1}|items }}', [['a', 1]]],
    ['{{ people|sum(attribute="age") }}', 75],
    ['{{ people|sum(attribute="age", start=100) }}', 175],
    ['{{ people|map(attribute="name") }}', ['Ann', 'bob', 'Cid']],
    ['{{ people|map(attribute="city.id")|unique }}', ['b', 'a']],
    ['{{ people|map(attribute="none", default="-")|join }}', '---'],
    ['{{ people|map("length") }}', [3, 3, 3]],
    ['{{ ["a", "b"]|map("replace", "a", "x") }}', ['x', 'b']],
    ['{{ ["long text"]|map("truncate", length=6, leeway=0) }}', ['lon...']],
    ['{{ [[3, 1]]|map("map", "string") }}', [['3', '1']]],
    ['{{ people|join(", ", attribute="name") }}', 'Ann, bob, Cid'],
    ['{{ people|sort(attribute="name")|map(attribute="name") }}', ['Ann', 'bob', 'Cid']],
    ['{{ people|sort(attribute="name", case_sensitive=true)|map(attribute="name") }}', ['Ann', 'Cid', 'bob']],
    ['{{ people|sort(attribute="age", reverse=true)|map(attribute="age") }}', [30, 25, 20]],
    ['{{ people|sort(attribute="city.id,age")|map(attribute="age") }}', [20, 25, 30]],
    ['{{ [3, none, 1]|sort }}', [null, 1, 3]],
    ['{{ people|selectattr("age", "gt", 20)|map(attribute="name") }}', ['Ann', 'Cid']],
    ['{{ people|selectattr("age", ">=", 25)|map(attribute="name") }}', ['Ann', 'Cid']],
    ['{{ people|rejectattr("city.id", "eq", "b")|map(attribute="name") }}', ['bob']],
    ['{{ people|selectattr("nosuch")|list }}', []],
    ['{{ people|selectattr("nosuch", "undefined")|length }}', 3],
    ['{{ [0, 1, "", "a"]|select }}', [1, 'a']],
    ['{{ [1, 2, 3]|reject("odd") }}', [2]],
    ['{{ ["a", "A", "b"]|unique }}', ['a', 'b']],
    ['{{ [{"k": 1}, {"k": 1}, [1], "[1]"]|unique }}', [{ k: 1 }, [1], '[1]']],
    ['{{ people|max(attribute="age") }}', people[0]],
    ['{{ ["b", "A"]|min }}', 'A'],
    ['{{ []|max }}', null],
    ['{{ "12.7"|int }}', 12],
    ['{{ "x"|int(default=5) }}', 5],
    ['{{ "ff"|int(base=16) }}', 255],
    ['{{ "1e400"|float }}', 0],
    ['{{ "12"|float }}', 12],
    ['{{ 2.345|round(2) }}', 2.35],
    ['{{ 2.1|round(0, "ceil") }}', 3],
    ['{{ -2.1|round(method="floor") }}', -2],
    ['{{ (-2.1)|round(method="floor") }}', -3],
    ['{{ 1234.5|round(-2) }}', 1200],
    ['{{ "abc"|list }}', ['a', 'b', 'c']],
    ['{{ "😀b"|reverse }}', 'b😀'],
    ['{{ "😀b"|length }}', 2],
    ['{{ "a😀b"|truncate(2, true, "", 0) }}', 'a😀'],
    ['{{ n|default("d") }}', null],
    ['{{ n|default("d", true) }}', 'd'],
    ['{{ nosuch.deep|default("d") }}', 'd'],
    ['{{ nosuch|default(other) }}', null],
    ['{{ nosuch|default }}', ''],
    ['{{ "<b>"|safe }}', '<b>'],
    ['{{ people|safe }}', people],
    ['{{ "<b>"|e }}', '&lt;b&gt;'],
    ['{{ {"a": [1, "é<"]}|tojson }}', '{"a": [1, "é<"]}'],
    ['{{ {"a": [1]}|tojson(indent=2) }}', '{\n  "a": [\n    1\n  ]\n}'],
    ['{{ nosuch|tojson }}', 'null'],
    ['{{ [[], {}]|pprint }}', '[\n  [],\n  {}\n]'],
    ['{{ "%s is %05.1f%%"|format("x", 2.25) }}', 'x is 002.2%'],
    ['{{ "%(a)s"|format(a=[1]) }}', '[1]'],
    ['{{ "%x %X %o %c|%+d|%-4d|%4s"|format(255, 255, 8, "z", 5, 7, "r") }}', 'ff FF 10 z|+5|7   |   r'],
    ['{{ "a\nb"|indent(2) }}', 'a\n  b'],
    ['{{ "a\nb"|indent("> ", first=true) }}', '> a\n> b'],
    ['{{ "a-b c"|title }}', 'A-B C'],
    ['{{ "one two three"|wordwrap(7) }}', 'one two\nthree'],
    ['{{ "<p>a &amp; <!-- x > y -->b</p>  c"|striptags }}', 'a & b c'],
    ['{{ "a < b"|striptags }}', 'a < b'],
    ['{{ "<!-- never closed > a"|striptags }}', 'a'],
    ['{{ [["a b", 1]]|urlencode }}', 'a+b=1'],
    ['{{ "12:30"|trim("0:") }}', '12:3'],
    ['{{ "xx"|join("-") }}', 'xx'],
    ['{{ {"a": 1}|join("-") }}', '{"a": 1}'],
    ['{{ n|upper }}', 'NONE'],
  ])('6.2 %s', (source, expected) => {
    expect(evaluate(source, roots)).toEqual(expected);
  });

  it('6.2 groupby gives groups that unpack and have names', () => {
    const source = '{% for id, list in people|groupby("city.id") %}{{ id }}{{ list|length }}{% endfor %}';
    expect(render(source, roots)).toBe('a1b2');
    expect(
      render('{% for g in people|groupby("city.id") %}{{ g.grouper }}{{ g.list[0].name }}{% endfor %}', roots),
    ).toBe('abobbAnn');
    expect(evaluate('{{ people|groupby("x", default="-") }}', roots)).toEqual([['-', people]]);
  });

  it('6.2 a filter copies and never changes what it is given', () => {
    const before = structuredClone(people);
    evaluate('{{ people|sort(attribute="age")|reverse|batch(5, 0) }}', roots);
    expect(people).toEqual(before);
  });

  it.each([
    '{{ n|length }}',
    '{{ 5|list }}',
    '{{ [1, "a"]|sort }}',
    '{{ ["a"]|sum }}',
    '{{ [none]|sum }}',
    '{{ "a"|abs }}',
    '{{ [1]|batch(0) }}',
    '{{ [1]|slice(0) }}',
    '{{ [1]|dictsort }}',
    '{{ {}|dictsort(by="x") }}',
    '{{ [1]|join(attribute=[]) }}',
    '{{ "abc"|truncate(1, leeway=0) }}',
    '{{ "%s %s"|format(1) }}',
    '{{ "%d"|format("x") }}',
    '{{ "%y"|format(1) }}',
    '{{ "100%"|format }}',
    '{{ 1.5|round(method="x") }}',
    '{{ "a"|wordwrap(0) }}',
    '{{ []|map }}',
    '{{ [1]|map("replace", "a") }}',
    '{{ [1]|select("odd", 1) }}',
    '{{ [1]|select("gt") }}',
    '{{ "a"|urlencode|int(base=99) }}',
  ])('6.2 misuse is template_error: %s', (source) => {
    expect(failureOf(() => render(source, roots)).code).toBe('template_error');
  });

  it('6.2 the name of a filter or test that was computed is checked when it runs', () => {
    expect(failureOf(() => render('{{ [1]|map("no" ~ "such") }}')).code).toBe('filter_unknown');
    expect(failureOf(() => render('{{ [1]|select("no" ~ "such") }}')).code).toBe('filter_unknown');
  });

  it('5.5 a missing attribute is reported once a filter, and not where absence was reckoned with', () => {
    expect(warningsOf('{{ people|map(attribute="x")|join }}', roots)).toEqual(['people|map(attribute="x")']);
    expect(warningsOf('{{ people|map(attribute="x", default=1)|join }}', roots)).toEqual([]);
    expect(warningsOf('{{ people|selectattr("x")|list }}', roots)).toEqual([]);
  });
});

describe('6.6 filters of undefined', () => {
  it.each<[string, unknown]>([
    ['{{ x|length }}', 0],
    ['{{ x|join(",") }}', ''],
    ['{{ x|sum }}', 0],
    ['{{ x|first }}', null],
    ['{{ x|last }}', null],
    ['{{ x|list }}', []],
    ['{{ x|sort|unique|reverse|list }}', []],
    ['{{ x|map("upper") }}', []],
    ['{{ x|dictsort }}', []],
    ['{{ x|upper ~ x|trim ~ x|title }}', ''],
    ['{{ x|int }}', 0],
    ['{{ x|float }}', 0],
    ['{{ x|abs }}', null],
    ['{{ x|round }}', null],
    ['{{ x|max }}', null],
    ['{{ x|replace("a", "b") }}', ''],
    ['{{ x|default("d") }}', 'd'],
    ['{{ [1, x]|sum }}', null],
    ['{{ ["a", x]|join("-") }}', 'a-'],
  ])('6.6 %s', (source, expected) => {
    expect(evaluate(source)).toEqual(expected);
  });
});
