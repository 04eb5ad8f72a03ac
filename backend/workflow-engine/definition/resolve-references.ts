import { type ErrorCode, isWfmError } from '../errors/index.ts';
import type { Diagnostic } from '../models/diagnostic.ts';
import type { JsonObject } from '../models/json.ts';
import { limits } from '../models/limits.ts';
import { hashOfBytes } from './canonical-json.ts';
import { type FileReference, readFileReference, targetOf } from './file-reference.ts';
import { checkJson } from './json-limits.ts';
import { parseJson } from './json-position.ts';
import { type PackageFiles, textOf } from './package-files.ts';
import { formatPlace, formatPointer, joinPlaces, parsePlace } from './place.ts';
import { finding } from './report.ts';
import type { ReferenceType, SourceFile, SourceMap } from './source-map.ts';
import { makeSuggest } from './suggest.ts';

/** What references became. A reference that could not be followed leaves null at its place, named in `holes`. */
export interface Resolution {
  resolved: unknown;
  /** Undefined for a definition that came as one JSON value. */
  sources: SourceMap | undefined;
  faults: Diagnostic[];
  holes: string[];
}

/** Beyond this nobody reads on. */
const mostFaults = 100;

/**
 * Splices every file reference of a package into one JSON value (format.md 3), starting with `entryPoint`, which must be
 * one of the files. Faults are collected, not thrown: `json_invalid`, `json_too_deep`, `ref_not_found`,
 * `ref_unresolvable`, `ref_outside_package`, `ref_cycle`, `ref_too_deep`, `too_many_refs`, `definition_too_large`.
 */
export function resolveReferences(files: PackageFiles, entryPoint: string): Resolution {
  const resolver = new Resolver(files);
  const { value, holes } = resolver.file(entryPoint, '', 0);
  const unused = [...files.keys()].filter((path) => !resolver.sources.has(path)).sort();
  const sources: SourceMap = { entryPoint, files: Object.fromEntries(resolver.sources), unused };
  return { resolved: value, sources, faults: resolver.faults, holes };
}

/** The same for a definition sent as one JSON value: it has no files, so a reference is `ref_unresolvable` (format.md 1.4). */
export function resolveAlone(json: unknown): Resolution {
  const faults = checkJson(json);
  if (faults.length > 0) return { resolved: json, sources: undefined, faults, holes: [] };
  const resolver = new Resolver(undefined);
  const { value, holes } = resolver.alone(json);
  return { resolved: value, sources: undefined, faults: resolver.faults, holes };
}

/** A JSON file with its references spliced in. */
interface Spliced {
  value: unknown;
  /** Fewest bytes that it can have as JSON: the guard against files that multiply each other. */
  size: number;
  /** Length of the longest chain of references below it. */
  height: number;
  /** Places in `value` that a fault left empty. */
  holes: string[];
}

/** The file that is being walked; `segments` lead from its root to where the walk is. */
interface Frame extends Spliced {
  path: string;
  /** Where the file is spliced into the definition. */
  base: string;
  depth: number;
  segments: (string | number)[];
  references: SourceFile['references'];
}

interface Target {
  path: string;
  type: ReferenceType;
  bytes: Uint8Array;
}

class Resolver {
  readonly faults: Diagnostic[] = [];
  readonly sources = new Map<string, SourceFile>();
  private readonly files: PackageFiles | undefined;
  private readonly done = new Map<string, Spliced>();
  private readonly open: string[] = [];
  private readonly suggest = makeSuggest();
  private tooLarge = false;

  constructor(files: PackageFiles | undefined) {
    this.files = files;
  }

  /** A value that belongs to no file. */
  alone(json: unknown): Spliced {
    const frame = newFrame('', '', 0);
    frame.value = this.walk(json, frame);
    return frame;
  }

  /** A JSON file, read once however often it is referred to (3.8). */
  file(path: string, base: string, depth: number): Spliced {
    const known = this.done.get(path);
    if (known) return known;
    const frame = newFrame(path, base, depth);
    this.source(path).references = frame.references;
    this.open.push(path);
    const json = this.parse(frame);
    if (json) frame.value = this.walk(json.value, frame);
    this.open.pop();
    this.done.set(path, frame);
    return frame;
  }

  private parse(frame: Frame): { value: unknown } | undefined {
    const { path, base } = frame;
    const text = textOf(this.files?.get(path) ?? new Uint8Array());
    if (text === undefined) {
      this.hole(frame, 'ref_unresolvable', `The file ${path} is not UTF-8 text.`, { path });
      return undefined;
    }
    try {
      const value = parseJson(text, path);
      const faults = checkJson(value);
      if (faults.length === 0) return { value };
      frame.holes.push('');
      for (const fault of faults) {
        const pointer = formatPointer(parsePlace(fault.place));
        this.report({ ...fault, place: joinPlaces(base, fault.place), file: path, pointer });
      }
    } catch (thrown) {
      if (!isWfmError(thrown)) throw thrown;
      this.hole(frame, thrown.code, thrown.message, thrown.params);
    }
    return undefined;
  }

  private walk(value: unknown, frame: Frame): unknown {
    if (typeof value === 'string') frame.size += value.length + 2;
    else if (typeof value !== 'object' || value === null) frame.size += 1;
    else if (Array.isArray(value)) {
      frame.size += value.length + 1;
      return value.map((item: unknown, index) => this.step(item, index, frame));
    } else {
      const record = value as JsonObject;
      const reference = readFileReference(record);
      if (reference) return this.follow(reference, frame);
      const copy: JsonObject = {};
      for (const [key, item] of Object.entries(record)) {
        frame.size += key.length + 4;
        copy[key] = this.step(item, key, frame);
      }
      return copy;
    }
    return value;
  }

  private step(value: unknown, segment: string | number, frame: Frame): unknown {
    frame.segments.push(segment);
    const result = this.walk(value, frame);
    frame.segments.pop();
    return result;
  }

  private follow(reference: FileReference, frame: Frame): unknown {
    const target = this.find(reference, frame);
    if (!target) return null;
    const { path, type } = target;
    frame.references[formatPointer(frame.segments)] = { path, type };
    if (type === 'json') return this.splice(path, frame);
    const content = textOf(target.bytes);
    if (content === undefined) {
      return this.hole(frame, 'ref_unresolvable', `The file ${path} is not UTF-8 text.`, { path });
    }
    frame.height = Math.max(frame.height, 1);
    this.grow(frame, content.length);
    const node: JsonObject = { type, content };
    if (reference.cacheTtl !== undefined) node['cache_ttl'] = reference.cacheTtl;
    node['$source'] = { path, sha256: this.source(path).sha256 };
    return node;
  }

  /** The file that is meant, unless something is wrong with the reference itself. */
  private find(reference: FileReference, frame: Frame): Target | null {
    const ref = reference.path.slice(0, 200);
    const { type, cacheTtl } = reference;
    if (!this.files) {
      const message = `The file "${ref}" cannot be read here: this definition came as JSON, without its files.`;
      return this.hole(frame, 'ref_unresolvable', message, { ref });
    }
    if (type === undefined) {
      return this.hole(
        frame,
        'ref_unresolvable',
        `The type of the reference to "${ref}" must be json, text or jinja2.`,
        { ref },
      );
    }
    if (cacheTtl !== undefined && !(typeof cacheTtl === 'number' && cacheTtl >= 0)) {
      const message = `"cache_ttl" of the reference to "${ref}" must be a number of seconds.`;
      return this.hole(frame, 'definition_invalid', message, { ref });
    }
    const path = targetOf(reference.path, frame.path);
    if (path === undefined) {
      return this.hole(frame, 'ref_outside_package', `The reference "${ref}" leaves the package.`, { ref });
    }
    const bytes = this.files.get(path);
    if (!bytes) return this.notFound(frame, ref, path, this.files);
    return this.mayFollow(frame, ref, { path, type, bytes });
  }

  private notFound(frame: Frame, ref: string, path: string, files: PackageFiles): null {
    const near = this.suggest(path, () => files.keys());
    const params = { ref, path: path.slice(0, 200), ...near.params };
    return this.hole(
      frame,
      'ref_not_found',
      `There is no file "${path.slice(0, 200)}" in the package.`,
      params,
      near.hint,
    );
  }

  private mayFollow(frame: Frame, ref: string, target: Target): Target | null {
    if (target.type === 'json' && this.open.includes(target.path)) {
      const chain = [...this.open.slice(this.open.indexOf(target.path)), target.path];
      return this.hole(frame, 'ref_cycle', `The reference "${ref}" leads back to itself: ${chain.join(' → ')}.`, {
        ref,
        chain,
      });
    }
    if (frame.depth >= limits.refDepth) return this.tooDeep(frame, ref);
    // The entry point is read, but not referred to.
    if (!this.sources.has(target.path) && this.sources.size > limits.refFiles) {
      const params = { ref, limit: limits.refFiles };
      return this.hole(frame, 'too_many_refs', `A definition may refer to ${limits.refFiles} files.`, params);
    }
    return target;
  }

  private splice(path: string, frame: Frame): unknown {
    const here = formatPlace(frame.segments);
    const spliced = this.file(path, joinPlaces(frame.base, here), frame.depth + 1);
    // A file that was read elsewhere, less deep, may lead too deep from here.
    if (frame.depth + 1 + spliced.height > limits.refDepth) return this.tooDeep(frame, path);
    frame.height = Math.max(frame.height, spliced.height + 1);
    if (!this.grow(frame, spliced.size)) return null;
    for (const hole of spliced.holes.slice(0, mostFaults)) frame.holes.push(joinPlaces(here, hole));
    return spliced.value;
  }

  /** Counts what a reference brings in; false once the definition can only be too large. */
  private grow(frame: Frame, size: number): boolean {
    frame.size += size;
    if (frame.size <= limits.definitionBytes) return true;
    if (!this.tooLarge) {
      const message = `The resolved definition is larger than ${limits.definitionBytes} bytes.`;
      this.hole(frame, 'definition_too_large', message, { limit: limits.definitionBytes });
    }
    this.tooLarge = true;
    return false;
  }

  private tooDeep(frame: Frame, ref: string): null {
    const params = { ref, limit: limits.refDepth };
    return this.hole(frame, 'ref_too_deep', `References are nested more than ${limits.refDepth} deep.`, params);
  }

  /** Reports a fault where the walk is, and leaves null there. */
  private hole(frame: Frame, code: ErrorCode, message: string, params: JsonObject, hint?: string): null {
    const here = formatPlace(frame.segments);
    frame.holes.push(here);
    const fault = finding(code, joinPlaces(frame.base, here), message, { params, hint });
    this.report(frame.path === '' ? fault : { ...fault, file: frame.path, pointer: formatPointer(frame.segments) });
    return null;
  }

  private report(fault: Diagnostic): void {
    if (this.faults.length < mostFaults) this.faults.push(fault);
  }

  private source(path: string): SourceFile {
    let source = this.sources.get(path);
    if (!source) {
      const bytes = this.files?.get(path) ?? new Uint8Array();
      source = { bytes: bytes.length, sha256: hashOfBytes(bytes), references: {} };
      this.sources.set(path, source);
    }
    return source;
  }
}

function newFrame(path: string, base: string, depth: number): Frame {
  return { path, base, depth, segments: [], references: {}, value: null, size: 0, height: 0, holes: [] };
}
