import { describe, expect, it } from 'vitest';
import { parseTemplate, readsOf } from './index.ts';

/** Reads as `root.path`, guarded ones with a question mark. */
function reads(source: string): string[] {
  return readsOf(parseTemplate(source)).map(
    ({ root, path, guarded }) => [root, ...path].join('.') + (guarded ? '?' : ''),
  );
}

describe('4 which paths a template reads', () => {
  it.each<[string, string[]]>([
    ['plain text', []],
    ['{{ state.items[0].name }}', ['state.items.0.name']],
    ['{{ state["a b"].c }} {{ config.x }}', ['state.a b.c', 'config.x']],
    ['{{ state.rows[state.index].name }}', ['state.index', 'state.rows']],
    ['{{ state.rows[-1].name }}', ['state.rows']],
    ['{{ state.rows[1:] }}', ['state.rows']],
    ['{{ state.a + state.b ~ -state.c }}', ['state.a', 'state.b', 'state.c']],
    ['{{ [state.a, {"k": state.b, state.c: 1}] }}', ['state.a', 'state.b', 'state.c']],
    ['{{ state.a|join(state.sep) }}{{ [1]|sum(start=state.s) }}', ['state.a', 'state.sep', 'state.s']],
    ['{{ state.a.items() }}{{ state.b.upper().c }}', ['state.a', 'state.b']],
    ['{{ range(state.n) }}{{ now().year }}{{ other(1) }}', ['state.n', 'other']],
    ['{{ state.a is in state.b }}{{ state.a in state.b }}', ['state.a', 'state.b', 'state.a', 'state.b']],
    [
      '{% for item in state.items %}{{ item.name }}{{ loop.index }}{{ state.x }}{% endfor %}{{ item }}',
      ['state.items', 'state.x', 'item'],
    ],
    ['{% for k, v in state.o.items() %}{{ k ~ v }}{% else %}{{ state.none }}{% endfor %}', ['state.o', 'state.none']],
    ['{% set x = state.a %}{{ x.b }}', ['state.a']],
    ['{% for i in [1] %}{% set x = 1 %}{% endfor %}{{ x }}', ['x']],
    ['{% set x %}{{ state.a }}{% endset %}{{ x }}', ['state.a']],
    ['{% set ns = namespace() %}{% set ns.x = state.a %}{{ ns.x }}', ['state.a']],
    ['{% raw %}{{ state.a }}{% endraw %}{# {{ state.b }} #}', []],
  ])('%s', (source, expected) => {
    expect(reads(source)).toEqual(expected);
  });

  it.each<[string, string[]]>([
    ['{{ state.a|default("x") }}', ['state.a?']],
    ['{{ state.a.b|d(state.c) }}', ['state.a.b?', 'state.c']],
    ['{{ state.a is defined }}{{ state.b is not none }}', ['state.a?', 'state.b']],
    ['{{ state.o.get("k") }}{{ state.o.get(state.k) }}', ['state.o.k?', 'state.o', 'state.k']],
    [
      '{% if state.a %}{{ state.a.b }}{{ state.c }}{% endif %}{{ state.a }}',
      ['state.a?', 'state.a.b?', 'state.c', 'state.a'],
    ],
    [
      '{% if x %}{% elif state.a %}{{ state.a }}{% else %}{{ state.a }}{% endif %}',
      ['x?', 'state.a?', 'state.a?', 'state.a?'],
    ],
    ['{{ state.a.x if state.a else state.b }}', ['state.a?', 'state.a.x?', 'state.b']],
    ['{{ state.a and state.a.b }}', ['state.a?', 'state.a.b?']],
    ['{{ state.a or state.b }}', ['state.a?', 'state.b']],
    [
      '{% for r in state.rows if r.x and state.a %}{{ state.a.b }}{% endfor %}',
      ['state.rows', 'state.a?', 'state.a.b?'],
    ],
    [
      '{% if state.a is defined and state.a.b %}{{ state.a.b.c }}{% endif %}',
      ['state.a?', 'state.a.b?', 'state.a.b.c?'],
    ],
    ['{% if state.ab %}{{ state.abc }}{% endif %}', ['state.ab?', 'state.abc']],
  ])('a guard: %s', (source, expected) => {
    expect(reads(source)).toEqual(expected);
  });

  it('a read knows its line and column', () => {
    expect(readsOf(parseTemplate('a\r\n  {{ state.b.c }}'))).toEqual([
      { root: 'state', path: ['b', 'c'], line: 2, column: 6, guarded: false },
    ]);
  });
});
