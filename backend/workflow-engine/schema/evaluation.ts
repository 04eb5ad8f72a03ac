import { WfmError } from '../errors/index.ts';
import type { CompiledSchema, Resource } from './compile-schema.ts';
import type { JsonObject } from './json-values.ts';
import { pathOf, type Place, pointerOf } from './location.ts';

/** One thing that is wrong with a value. */
export interface SchemaFault {
  /** For people: `rows[0].name`. A missing or forbidden property is named itself. Empty for the whole value. */
  path: string;
  /** The same as a JSON pointer: `/rows/0/name`. */
  pointer: string;
  keyword: string;
  /** One plain sentence. */
  message: string;
  /** What the sentence is made of, for other languages. */
  params: Record<string, unknown>;
}

/** Where faults go: a list up to a cap, or nowhere when only the verdict counts. */
export type Sink = { faults: SchemaFault[]; most: number } | null;

/** What in one object or array has been looked at so far; kept only for schemas with `unevaluated…`. */
export class Evaluated {
  readonly names = new Set<string>();
  readonly indices = new Set<number>();
  /** Every item below this index has been looked at. */
  before = 0;

  add(other: Evaluated): void {
    for (const name of other.names) this.names.add(name);
    for (const index of other.indices) this.indices.add(index);
    this.before = Math.max(this.before, other.before);
  }
}

/** One call of the validator: what it may still spend, and the way it has come. */
export interface Run {
  compiled: CompiledSchema;
  operationsLeft: number;
  depth: number;
  /** The resources entered, outermost first; kept only for schemas with `$dynamicRef`. */
  scope: Resource[];
}

/** One node of the schema looking at one value. */
export interface Frame {
  run: Run;
  node: JsonObject;
  value: unknown;
  at: Place;
  sink: Sink;
  seen: Evaluated | null;
  /** No keyword of this node has failed so far. */
  sound: boolean;
}

/** Pays for work; a schema that multiplies its own effort ends here. */
export function spend(run: Run, operations: number): void {
  run.operationsLeft -= operations;
  if (run.operationsLeft < 0) {
    const message = 'Checking the value against its schema takes too long. Make the schema or the value smaller.';
    throw new WfmError('schema_limit', message, { params: { what: 'operations' } });
  }
}

/** Notes a fault. `at` defaults to the value the frame looks at. */
export function fail(
  frame: Frame,
  keyword: string,
  message: string,
  params: Record<string, unknown> = {},
  at: Place = frame.at,
): void {
  frame.sound = false;
  const { sink } = frame;
  if (!sink || sink.faults.length >= sink.most) return;
  sink.faults.push({ path: pathOf(at), pointer: pointerOf(at), keyword, message, params });
}
