import type { DataPath, ViewNode } from '@wfm/workflow-engine/display';

/** What is chosen among the items of a view, and how many may be (format.md 11.4). */
export interface Selection {
  readonly multi: boolean;
  readonly chosen: readonly DataPath[];
  onChange(next: DataPath[]): void;
  readonly disabled: boolean;
  /** What is to be chosen, for those who do not see it. */
  readonly label: string;
  readonly min?: number | undefined;
  /** Undefined or negative: no limit. */
  readonly max?: number | undefined;
}

/** A path as the key of its item. */
export function choiceKey(path: DataPath): string {
  return JSON.stringify(path);
}

/** The paths of all that can be chosen at and below a node, in drawing order. */
export function choicesOf(node: ViewNode): DataPath[] {
  const own = node.select ? [node.path] : [];
  return [...own, ...(node.children ?? []).flatMap(choicesOf)];
}

/** How a list shows its items now: sorted, or only those that were searched for. */
interface Arrangement {
  /** Keys of all its items. */
  readonly own: ReadonlySet<string>;
  /** Keys of those that it shows, in its order. */
  readonly shown: readonly string[];
}

/**
 * Who is chosen and who has the focus, each item subscribed to itself alone: among 5 000, a choice draws two anew
 * (ux.md 3.3, promise 4).
 */
export class ChoiceStore {
  private readonly paths: ReadonlyMap<string, DataPath>;
  /** Places in drawing order. */
  private readonly places: ReadonlyMap<string, number>;
  /** What keys move along: as it stands on the page. */
  private order: readonly string[];
  private at: ReadonlyMap<string, number>;
  private readonly arrangements = new Map<object, Arrangement>();
  private chosen = new Set<string>();
  private current: string;
  private readonly listeners = new Map<string, Set<() => void>>();
  private readonly currentListeners = new Set<() => void>();
  private readonly revealers = new Set<(key: string, path: DataPath) => void>();

  constructor(paths: readonly DataPath[], chosen: readonly DataPath[]) {
    this.paths = new Map(paths.map((path) => [choiceKey(path), path]));
    this.order = [...this.paths.keys()];
    this.at = placesOf(this.order);
    this.places = this.at;
    this.chosen = new Set(chosen.map(choiceKey));
    this.current = this.firstChosen() ?? this.order[0] ?? '';
  }

  isChosen(key: string): boolean {
    return this.chosen.has(key);
  }

  /** The one that Tab leads to. */
  isCurrent(key: string): boolean {
    return this.current === key;
  }

  currentKey(): string {
    return this.current;
  }

  /** The nth of those that are shown. */
  nth(index: number): string | undefined {
    return this.order[index];
  }

  count(): number {
    return this.order.length;
  }

  /** The paths of keys, in drawing order. */
  pathsOf(keys: ReadonlySet<string>): DataPath[] {
    const sorted = [...keys].toSorted((a, b) => (this.places.get(a) ?? 0) - (this.places.get(b) ?? 0));
    return sorted.map((key) => this.paths.get(key)).filter((path) => path !== undefined);
  }

  chosenKeys(): ReadonlySet<string> {
    return this.chosen;
  }

  setChosen(paths: readonly DataPath[]): void {
    const next = new Set(paths.map(choiceKey));
    const changed = [...next, ...this.chosen].filter((key) => next.has(key) !== this.chosen.has(key));
    if (changed.length === 0) return;
    this.chosen = next;
    const first = this.firstChosen();
    if (first !== undefined && !document.activeElement?.closest('[data-choice]')) this.setCurrent(first);
    for (const key of changed) this.tell(key);
  }

  setCurrent(key: string): void {
    const before = this.current;
    if (before === key) return;
    this.current = key;
    this.tell(before);
    this.tell(key);
    for (const listener of this.currentListeners) listener();
  }

  /** For whoever must know which one Tab leads to, whichever it is. */
  readonly subscribeToCurrent = (listener: () => void): (() => void) => {
    this.currentListeners.add(listener);
    return () => this.currentListeners.delete(listener);
  };

  /** The key that is `by` places on, at the ends the last. */
  neighbour(by: number): string {
    const from = Math.max(0, this.at.get(this.current) ?? 0);
    return this.order[Math.min(this.order.length - 1, Math.max(0, from + by))] ?? '';
  }

  /** A list says how it shows its items, until the function that is returned is called. */
  arrange(arrangement: Arrangement): () => void {
    this.arrangements.set(arrangement, arrangement);
    this.order = this.arranged();
    this.at = placesOf(this.order);
    if (!this.at.has(this.current)) this.setCurrent(this.firstChosen() ?? this.order[0] ?? '');
    return () => {
      this.arrangements.delete(arrangement);
      this.order = this.arranged();
      this.at = placesOf(this.order);
    };
  }

  subscribe(key: string, listener: () => void): () => void {
    const listeners = this.listeners.get(key) ?? new Set();
    listeners.add(listener);
    this.listeners.set(key, listeners);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.listeners.delete(key);
    };
  }

  /** Whoever mounts only a part of its items is asked to mount one before it gets the focus. */
  onReveal(reveal: (key: string, path: DataPath) => void): () => void {
    this.revealers.add(reveal);
    return () => this.revealers.delete(reveal);
  }

  reveal(key: string): void {
    const path = this.paths.get(key);
    if (path) for (const reveal of this.revealers) reveal(key, path);
  }

  private arranged(): string[] {
    const drawn = [...this.paths.keys()];
    if (this.arrangements.size === 0) return drawn;
    const done = new Set<Arrangement>();
    const all = [...this.arrangements.values()];
    return drawn.flatMap((key) => {
      const arrangement = all.find(({ own }) => own.has(key));
      if (!arrangement) return [key];
      if (done.has(arrangement)) return [];
      done.add(arrangement);
      return arrangement.shown;
    });
  }

  private firstChosen(): string | undefined {
    let first: string | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (const key of this.chosen) {
      const place = this.at.get(key) ?? Number.POSITIVE_INFINITY;
      if (place < least) [first, least] = [key, place];
    }
    return first;
  }

  private tell(key: string): void {
    for (const listener of this.listeners.get(key) ?? []) listener();
  }
}

function placesOf(order: readonly string[]): ReadonlyMap<string, number> {
  return new Map(order.map((key, index) => [key, index]));
}
