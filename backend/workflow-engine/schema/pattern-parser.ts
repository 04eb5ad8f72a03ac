/** The parts of a pattern that a matching text can be made from. Positions (`^`, `$`, `\b`) take no text. */
export type PatternNode =
  | { kind: 'letters'; letters: readonly string[] }
  | { kind: 'sequence'; parts: PatternNode[] }
  | { kind: 'choice'; branches: PatternNode[] }
  | { kind: 'repeat'; unit: PatternNode; least: number; most: number };

const range = (from: string, to: string): string[] => {
  const letters: string[] = [];
  const last = Math.min(to.codePointAt(0) ?? 0, (from.codePointAt(0) ?? 0) + 200);
  for (let code = from.codePointAt(0) ?? 0; code <= last; code++) letters.push(String.fromCodePoint(code));
  return letters;
};
const lower = range('a', 'z');
const upper = range('A', 'Z');
const digits = range('0', '9');
const printable = [
  ...lower,
  ...upper,
  ...digits,
  ...range(' ', '/'),
  ...range(':', '@'),
  ...range('[', '`'),
  ...range('{', '~'),
];
const without = (letters: readonly string[]): string[] => printable.filter((letter) => !letters.includes(letter));

const classes: Record<string, readonly string[]> = {
  d: digits,
  w: [...lower, ...upper, ...digits, '_'],
  s: [' '],
  D: lower,
  W: ['-', ' ', '.'],
  S: lower,
  n: ['\n'],
  t: ['\t'],
  r: ['\r'],
  f: ['\f'],
  v: ['\v'],
};
const unicode: Record<string, readonly string[]> = {
  L: lower,
  Ll: lower,
  Lu: upper,
  N: digits,
  Nd: digits,
  P: ['.', ',', '-'],
  Z: [' '],
  Letter: lower,
};
const positions = new Set(['b', 'B', 'A', 'z', 'Z']);

/** Thrown for what no text can be made from; the caller then gives up on the pattern. */
export class PatternNotSimple extends Error {}

/**
 * Reads a pattern that the linear-time engine accepts. Literals, classes, groups, alternatives, quantifiers and
 * positions are understood.
 *
 * @throws PatternNotSimple for anything else
 */
export function parsePattern(source: string): PatternNode {
  const reader = new Reader(source);
  const node = reader.choice();
  if (reader.more) throw new PatternNotSimple('unbalanced group');
  return node;
}

class Reader {
  readonly #letters: string[];
  #at = 0;

  constructor(source: string) {
    this.#letters = [...source];
  }

  get more(): boolean {
    return this.#at < this.#letters.length;
  }

  choice(): PatternNode {
    const branches = [this.#sequence()];
    while (this.#eat('|')) branches.push(this.#sequence());
    const [only] = branches;
    return branches.length === 1 && only ? only : { kind: 'choice', branches };
  }

  #sequence(): PatternNode {
    const parts: PatternNode[] = [];
    while (this.more && this.#peek() !== '|' && this.#peek() !== ')') {
      const atom = this.#atom();
      if (atom) parts.push(this.#repeated(atom));
    }
    return { kind: 'sequence', parts };
  }

  #atom(): PatternNode | undefined {
    const letter = this.#take();
    switch (letter) {
      case '^':
      case '$':
        return undefined;
      case '.':
        return { kind: 'letters', letters: lower };
      case '[':
        return { kind: 'letters', letters: this.#set() };
      case '(':
        return this.#group();
      case '\\':
        return this.#escape();
      default:
        return { kind: 'letters', letters: [letter] };
    }
  }

  #group(): PatternNode | undefined {
    if (this.#eat('?')) {
      if (this.#eat('P') || this.#peek() === '<') while (this.#take() !== '>');
      else {
        while (/[a-zA-Z-]/.test(this.#peek())) this.#take();
        // A group that only sets flags has no body.
        if (this.#eat(')')) return undefined;
        if (!this.#eat(':')) throw new PatternNotSimple('group');
      }
    }
    const body = this.choice();
    if (!this.#eat(')')) throw new PatternNotSimple('group');
    return body;
  }

  #escape(): PatternNode | undefined {
    if (positions.has(this.#peek())) {
      this.#take();
      return undefined;
    }
    return { kind: 'letters', letters: this.#escaped() };
  }

  #escaped(): readonly string[] {
    const letter = this.#take();
    if (letter === 'p' || letter === 'P') return this.#unicodeClass(letter === 'P');
    if (letter === 'x' || letter === 'u') return [this.#codePoint(letter === 'x' ? 2 : 4)];
    if (Object.hasOwn(classes, letter)) return classes[letter] ?? [];
    if (/[a-zA-Z0-9]/.test(letter)) throw new PatternNotSimple(`\\${letter}`);
    return [letter];
  }

  #unicodeClass(negated: boolean): readonly string[] {
    const name = this.#eat('{') ? this.#until('}') : this.#take();
    if (!Object.hasOwn(unicode, name)) throw new PatternNotSimple(`\\p{${name}}`);
    return negated ? without(unicode[name] ?? []) : (unicode[name] ?? []);
  }

  #codePoint(length: number): string {
    const code = this.#eat('{') ? this.#until('}') : Array.from({ length }, () => this.#take()).join('');
    const value = Number.parseInt(code, 16);
    if (!(value <= 0x10ffff)) throw new PatternNotSimple('code point');
    return String.fromCodePoint(value);
  }

  #set(): readonly string[] {
    const negated = this.#eat('^');
    const letters: string[] = [];
    for (let first = true; first || this.#peek() !== ']'; first = false) {
      if (this.#peek() === '[' && this.#peek(1) === ':') throw new PatternNotSimple('named class');
      const from = this.#setEntry();
      if (this.#peek() === '-' && this.#peek(1) !== ']' && from.length === 1) {
        this.#take();
        letters.push(...range(from[0] ?? '', this.#setEntry()[0] ?? ''));
      } else letters.push(...from);
    }
    this.#take();
    const result = negated ? without(letters) : letters;
    if (result.length === 0) throw new PatternNotSimple('empty class');
    return result;
  }

  #setEntry(): readonly string[] {
    const letter = this.#take();
    return letter === '\\' ? this.#escaped() : [letter];
  }

  #repeated(unit: PatternNode): PatternNode {
    let node = unit;
    for (;;) {
      const bounds = this.#bounds();
      if (!bounds) return node;
      this.#eat('?');
      node = { kind: 'repeat', unit: node, least: bounds[0], most: bounds[1] };
    }
  }

  #bounds(): [number, number] | undefined {
    if (this.#eat('*')) return [0, Number.POSITIVE_INFINITY];
    if (this.#eat('+')) return [1, Number.POSITIVE_INFINITY];
    if (this.#eat('?')) return [0, 1];
    const counted = /^\{(\d+)(?:(,)(\d*))?\}/.exec(this.#letters.slice(this.#at, this.#at + 12).join(''));
    if (!counted) return undefined;
    this.#at += counted[0].length;
    const least = Number(counted[1]);
    if (counted[2] === undefined) return [least, least];
    return [least, counted[3] ? Number(counted[3]) : Number.POSITIVE_INFINITY];
  }

  #until(close: string): string {
    let text = '';
    while (this.#peek() !== close) text += this.#take();
    this.#take();
    return text;
  }

  #peek(ahead = 0): string {
    return this.#letters[this.#at + ahead] ?? '';
  }

  #take(): string {
    const letter = this.#letters[this.#at++];
    if (letter === undefined) throw new PatternNotSimple('unexpected end');
    return letter;
  }

  #eat(letter: string): boolean {
    if (this.#peek() !== letter) return false;
    this.#at++;
    return true;
  }
}
