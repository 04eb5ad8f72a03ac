import { limits } from '../../models/limits.ts';
import { type TemplateErrorCode, templateError } from './position.ts';
import { Scope } from './scope.ts';
import type { SpecialValue } from './values.ts';

/** Node visits shared by several renders, for a caller that makes many of them in one go. */
export interface Meter {
  /** Visits that may still be made. */
  left: number;
}

export interface RenderContext {
  /** `state`, `step`, `config`, `item`, `value`, `data` …: plain JSON data, read in place and never changed. */
  roots: Record<string, unknown>;
  /** The instant of `now()`; without it `now()` is undefined. */
  now?: Date | undefined;
  /** IANA zone of `now()`; default UTC. */
  timezone?: string | undefined;
  /** Told of every undefined lookup (format.md 5.5, 6.6) with the expression as written, and `place`. */
  onUndefined?: ((expression: string, place: string | undefined) => void) | undefined;
  /** Rule 2.4: reading an attribute or index from an undefined value is `template_error`. */
  strictUndefined?: boolean | undefined;
  /** Put on errors. */
  place?: string | undefined;
  /** Bounds several renders together; each is still bounded by itself. */
  meter?: Meter | undefined;
}

/** Deeper than data can be (64) plus what a root puts around it; only values that a template piles up get there. */
const deepestValue = 2 * limits.jsonDepth;

/** State of one render: budgets, scope, output, and the offset to blame. */
export class Run {
  /** Normalised source: what offsets count in. */
  readonly source: string;
  readonly context: RenderContext;
  scope = new Scope(null);
  loopDepth = 0;
  /** Bounds of the expression that an operation which fails or misses something names. */
  at = 0;
  until = 0;
  /** Over 0 while the author asks whether something is there: `default`, `is defined`. */
  quiet = 0;
  /** Undefined lookups so far, so that one miss is not reported again by what stands around it. */
  misses = 0;
  /** What `now()` gave: one value a render. */
  now: SpecialValue | null = null;
  output = '';
  captured = '';
  private visits = 0;
  private readonly mostVisits: number;
  private passes = 0;
  private written = 0;

  constructor(source: string, context: RenderContext) {
    this.source = source;
    this.context = context;
    this.mostVisits = Math.min(limits.templateNodeVisits, context.meter?.left ?? Number.POSITIVE_INFINITY);
  }

  /** Counts work: a node, an item, 64 characters built, 16 told apart, 1024 read. */
  charge(visits: number): void {
    this.visits += visits;
    if (this.visits > this.mostVisits) this.overVisits();
  }

  /** Counts one pass of a loop. */
  chargePass(): void {
    this.passes += 1;
    if (this.passes > limits.templateLoopPasses) this.over('loop passes', limits.templateLoopPasses, this.passes);
    this.charge(1);
  }

  /** To be called before a text of that length is built: none may be over 1 MB, and building costs. */
  chargeText(length: number): void {
    this.checkText(length);
    this.charge(1 + (length >>> 6));
  }

  /** For a text that grows piece by piece, each piece charged by itself. */
  checkText(length: number): void {
    if (length > limits.templateOutput) this.over('characters in one text', limits.templateOutput, length);
  }

  /** For an operation that takes a text apart into characters. */
  chargeCharacters(length: number): void {
    this.charge(1 + (length >>> 4));
  }

  /** For an operation that the host does fast: a search, a comparison. */
  chargeScan(length: number): void {
    this.charge(1 + (length >>> 10));
  }

  /** For a walk into a value. */
  checkDepth(depth: number): void {
    if (depth > deepestValue) this.over('levels of nesting in a value', deepestValue, depth);
  }

  write(text: string): void {
    this.written += text.length;
    if (this.written > limits.templateOutput) this.over('characters of output', limits.templateOutput, this.written);
    this.output += text;
  }

  /** Reports an undefined lookup; `start` and `end` bound the expression in the source. */
  warn(start: number, end: number): void {
    this.misses += 1;
    if (this.quiet === 0) this.context.onUndefined?.(this.excerpt(start, end), this.context.place);
  }

  /** Reports that the expression at `at` met something undefined on its way. */
  warnHere(): void {
    this.warn(this.at, this.until);
  }

  /** Rule 2.4: called where something is read from an undefined value. */
  readFromUndefined(start: number, end: number): void {
    if (!this.context.strictUndefined) return;
    this.at = start;
    const expression = this.excerpt(start, end);
    this.fail(`"${expression}" reads from a value that is not there`, { expression });
  }

  /** An expression as written, cut when it is too long to be shown. */
  excerpt(start: number, end: number): string {
    return end - start > 200 ? `${this.source.slice(start, start + 200)}…` : this.source.slice(start, end);
  }

  fail(sentence: string, params: Record<string, unknown> = {}): never {
    this.throwError('template_error', sentence, params);
  }

  over(what: string, limit: number, actual: number): never {
    this.throwError('template_limit', `The template needs more than ${limit} ${what}`, { what, limit, actual });
  }

  private overVisits(): never {
    const isShared = this.mostVisits < limits.templateNodeVisits;
    this.over(isShared ? 'node visits, counted with those beside it' : 'node visits', this.mostVisits, this.visits);
  }

  throwError(code: TemplateErrorCode, sentence: string, params: Record<string, unknown> = {}): never {
    const at = { source: this.source, offset: this.at, place: this.context.place };
    throw templateError(code, sentence, at, params);
  }

  /** To be called once, when the render is over, however it ended. */
  settle(): void {
    if (this.context.meter) this.context.meter.left = Math.max(0, this.context.meter.left - this.visits);
  }
}
