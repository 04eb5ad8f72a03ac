import { SpecialValue } from './values.ts';

/** `loop` inside a `for` (format.md 6.1). One object serves all passes; `index0` moves. */
export class LoopValue extends SpecialValue {
  readonly typeName = 'a loop';
  readonly items: readonly unknown[];
  readonly depth: number;
  index0 = 0;

  constructor(items: readonly unknown[], depth: number) {
    super();
    this.items = items;
    this.depth = depth;
  }

  read(key: string): unknown {
    const { items, index0 } = this;
    switch (key) {
      case 'index':
        return index0 + 1;
      case 'index0':
        return index0;
      case 'first':
        return index0 === 0;
      case 'last':
        return index0 === items.length - 1;
      case 'length':
        return items.length;
      case 'revindex':
        return items.length - index0;
      case 'revindex0':
        return items.length - index0 - 1;
      case 'previtem':
        return index0 > 0 ? items[index0 - 1] : undefined;
      case 'nextitem':
        return items[index0 + 1];
      case 'depth':
        return this.depth;
      default:
        return undefined;
    }
  }

  toData(): unknown {
    const { index0, depth } = this;
    return {
      index: index0 + 1,
      index0,
      first: index0 === 0,
      last: this.read('last'),
      length: this.items.length,
      depth,
    };
  }
}

/**
 * Variables of a template, of one loop or of one `set` block. A loop's scope is made once and cleared for each pass:
 * nothing can outlive a pass, since templates have no functions.
 */
export class Scope {
  readonly parent: Scope | null;
  targets: readonly string[] = [];
  values: unknown[] = [];
  loop: LoopValue | null = null;
  private variables: Map<string, unknown> | null = null;

  constructor(parent: Scope | null) {
    this.parent = parent;
  }

  set(name: string, value: unknown): void {
    this.variables ??= new Map();
    this.variables.set(name, value);
  }

  /** For the next pass of a loop. */
  clear(): void {
    this.variables?.clear();
  }

  /** The scope, from the innermost, in which `name` has a value; null when it is a root or nothing at all. */
  find(name: string): Scope | null {
    for (let scope: Scope | null = this; scope !== null; scope = scope.parent) {
      if (scope.variables?.has(name) || scope.targets.includes(name)) return scope;
      if (scope.loop !== null && name === 'loop') return scope;
    }
    return null;
  }

  /** The value of a name that `find` found here. */
  get(name: string): unknown {
    if (this.variables?.has(name)) return this.variables.get(name);
    const index = this.targets.indexOf(name);
    return index === -1 ? this.loop : this.values[index];
  }
}
