import type { CompiledSchema, Target } from './compile-schema.ts';
import type { Draw } from './draw.ts';
import type { Trail } from './gather.ts';
import { escapePointer } from './location.ts';
import { readableName } from './sample-text.ts';

/** Where a value is made: what it must satisfy, and the way there. */
export interface Site {
  nodes: readonly Target[];
  pointer: string;
  title: string;
  trail: Trail;
  attempt: number;
}

/** What the makers of lists and objects need from the generator. */
export interface Sampler {
  readonly compiled: CompiledSchema;
  readonly arrayLength: number;
  /** Makes the value of a site inside another one. */
  make(site: Site): unknown;
  drawAt(pointer: string, attempt: number): Draw;
}

/** No value was found; carries the place where the search ended. */
export class Unsatisfiable extends Error {
  readonly pointer: string;

  constructor(pointer: string) {
    super(`no value at ${pointer}`);
    this.pointer = pointer;
  }
}

/** The site of a member of an object or list. */
export function innerSite(
  outer: Site,
  key: string | number,
  nodes: readonly Target[],
  title = readableName(String(key)),
): Site {
  return { ...outer, nodes, title, pointer: `${outer.pointer}/${escapePointer(String(key))}` };
}
