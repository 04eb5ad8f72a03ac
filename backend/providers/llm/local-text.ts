import { createHash } from 'node:crypto';
import type { TextHint } from '@wfm/workflow-engine/schema';
import * as banks from './local-phrases.ts';
import type { Topic } from './local-topic.ts';

/** Writes the offline demo's texts: the same for the same seed, on any machine. */
export interface Writer {
  /** A text for one field of a schema, by what its title or name says it is. */
  field(hint: TextHint): string;
  /** A few paragraphs for a request without a schema. */
  prose(): string;
}

type Compose = (from: Choice) => string;

const persons = 'author person people character characters speaker protagonist narrator actor guest host';

/** Which field takes what: the first entry with a word that the field's title or name holds. */
const kinds: [string, Compose][] = [
  ['hashtag hashtags', (c) => `#${pascal(c.term())}`],
  ['tag tags keyword keywords term terms', (c) => c.term()],
  ['emoji emojis icon', (c) => c.pick(banks.emojis)],
  ['email mail', (c) => `${slug(c.word())}@example.com`],
  ['url link website href', (c) => `https://example.com/${slug(c.word())}`],
  ['slug id key code filename', (c) => slug(`${c.word()} ${c.second()}`)],
  ['language locale', () => 'en'],
  ['color colour palette', (c) => c.pick(banks.colours)],
  [persons, (c) => c.pick(banks.people)],
  ['name brand company', (c) => titleCase(c.fill(banks.names))],
  ['title headline heading subject subtitle chapter', (c) => titleCase(c.fill(banks.titles))],
  ['slogan tagline hook cta motto claim', (c) => c.fill(banks.slogans)],
  ['question questions', (c) => c.fill(banks.questions)],
  ['reason reasons why rationale justification', (c) => c.fill(banks.reasons)],
  ['prompt scene visual image picture shot', (c) => c.fill(banks.scenes)],
  ['place location setting venue', (c) => c.pick(banks.places)],
  ['audience reader readers persona', (c) => c.fill(banks.audiences)],
  ['mood tone style genre emotion feeling', (c) => c.pick(banks.moods)],
  ['step steps action actions task tip tips todo', (c) => c.fill(banks.actions)],
  ['summary description body content article story intro introduction conclusion paragraph bio', (c) => c.sentences(2)],
];

/** A writer for one request. In: the topic of its prompt, and a seed that stands for all that was asked. */
export function createWriter(topic: Topic, seed: string): Writer {
  // Whoever asks again for the same place did not like the first text, for a list of different items say.
  const asked = new Map<string, number>();
  return {
    field: (hint) => {
      const again = asked.get(hint.pointer) ?? 0;
      asked.set(hint.pointer, again + 1);
      const compose =
        kindOf(hint) ??
        ((choice: Choice) => (isShort(hint) ? titleCase(choice.fill(banks.titles)) : choice.sentences(1)));
      const texts = Array.from({ length: 8 }, (_none, at) =>
        compose(new Choice(topic, seed, hint.pointer, again + at)),
      );
      return texts.find((text) => text.length <= (hint.maxLength ?? Number.POSITIVE_INFINITY)) ?? texts[0] ?? '';
    },
    prose: () => {
      const choice = new Choice(topic, seed, '', 0);
      return [0, 3, 6].map((from) => choice.sentences(3, from)).join('\n\n');
    },
  };
}

function isShort(hint: TextHint): boolean {
  return hint.maxLength !== undefined && hint.maxLength < 60;
}

/** By the field's own name, or that of the list whose item it is; else by its title. */
function kindOf(hint: TextHint): Compose | undefined {
  const [name = '', parent = ''] = hint.pointer
    .split('/')
    .filter((segment) => /\D/.test(segment))
    .toReversed();
  const named = (text: string) => {
    const words = new Set(
      text
        .replace(/([a-z])([A-Z])/g, '$1 $2')
        .toLowerCase()
        .split(/[^a-z]+/),
    );
    return kinds.find(([triggers]) => triggers.split(' ').some((trigger) => words.has(trigger)));
  };
  if (name.toLowerCase() === 'name' && named(parent)?.[0] === persons) return named(parent)?.[1];
  return (named(name) ?? named(hint.title))?.[1];
}

/**
 * The choices for one place. Items of a list begin where the seed says and then go round, so that neighbours differ
 * as long as there is enough to choose from.
 */
class Choice {
  readonly #topic: Topic;
  readonly #start: Buffer;
  readonly #index: number;

  constructor(topic: Topic, seed: string, pointer: string, again: number) {
    const segments = pointer.split('/').slice(1);
    const shape = segments.map((segment) => (/^\d+$/.test(segment) ? '*' : segment)).join('/');
    this.#topic = topic;
    this.#start = createHash('sha256')
      .update(JSON.stringify([seed, shape]))
      .digest();
    const positions = segments.filter((segment) => /^\d+$/.test(segment));
    this.#index = positions.reduce((sum, segment) => sum * 3 + Number(segment), 0) + again;
  }

  /** One entry; `salt` tells several choices at one place apart. */
  pick(list: readonly string[], salt = 0): string {
    return list[(this.#start.readUInt16BE((salt * 2) % 30) + this.#index) % list.length] ?? '';
  }

  word(salt = 0): string {
    return this.pick(this.#topic.words, salt + 5);
  }

  /** The weightiest word first; two at a time once every word has had its turn. */
  term(): string {
    const { words } = this.#topic;
    const round = Math.floor(this.#index / words.length) % words.length;
    const word = words[this.#index % words.length] ?? '';
    return round === 0 ? word : `${word} ${words[(this.#index + round) % words.length] ?? ''}`;
  }

  /** Another word than `word(salt)`, where the prompt has more than one. */
  second(salt = 0): string {
    const { words } = this.#topic;
    return words[(words.indexOf(this.word(salt)) + 1) % words.length] ?? '';
  }

  fill(list: readonly string[], salt = 0): string {
    return this.#filled(this.pick(list, salt), salt);
  }

  /** Sentences that all differ, up to as many as there are; `from` goes on where an earlier call ended. */
  sentences(count: number, from = 0): string {
    const { length } = banks.sentences;
    const texts = Array.from({ length: count }, (_none, at) => {
      // Five has no divisor in common with the number of sentences, so the steps visit each before any comes again.
      const place = (this.#start.readUInt16BE(0) + this.#index + (from + at) * 5) % length;
      return this.#filled(banks.sentences[place] ?? '', from + at);
    });
    return texts.join(' ');
  }

  #filled(phrase: string, salt: number): string {
    const parts: Record<string, string> = { a: this.word(salt), b: this.second(salt), topic: this.#topic.phrase };
    const text = phrase.replace(/\{(\w+)\}/g, (_hole, name: string) => {
      const part = parts[name.toLowerCase()] ?? '';
      return /^[A-Z]/.test(name) ? capital(part) : part;
    });
    return capital(text);
  }
}

function capital(text: string): string {
  const [first = ''] = text;
  return first.toUpperCase() + text.slice(first.length);
}

const small = new Set(['a', 'an', 'and', 'at', 'by', 'for', 'from', 'in', 'of', 'on', 'or', 'the', 'to', 'with']);

function titleCase(text: string): string {
  const words = text.split(' ').map((word) => (small.has(word) ? word : capital(word)));
  return capital(words.join(' '));
}

function pascal(text: string): string {
  return text
    .split(/[^\p{L}\p{N}]+/u)
    .map(capital)
    .join('');
}

function slug(text: string): string {
  const plain = text.normalize('NFKD').replace(/[^\w\s-]/g, '');
  const joined = plain
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, '-');
  return joined === '' ? 'draft' : joined;
}
