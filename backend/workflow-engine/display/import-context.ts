import type { ErrorCode } from '../errors/index.ts';
import { at } from '../definition/place.ts';
import { finding } from '../definition/report.ts';
import type { Diagnostic } from '../models/diagnostic.ts';
import type { JsonObject } from '../models/json.ts';
import type { Block, DataPath } from './view-model.ts';

/** One thing that the importer did: which older hint stands for what now. */
export interface ImportChange {
  place: string;
  hint: string;
  becomes: string;
}

/** What all nodes of one import share. */
export class ImportContext {
  readonly diagnostics: Diagnostic[] = [];
  readonly changes: ImportChange[] = [];
  readonly blocks: Block[] = [];
  /** Sub-actions of the question, which blocks refer to. */
  readonly subActions: readonly JsonObject[];

  private readonly stems = new Map<string, number>();

  constructor(subActions: readonly JsonObject[]) {
    this.subActions = subActions;
  }

  /** How often a block's name was asked for before. */
  countOf(stem: string): number {
    const count = this.stems.get(stem) ?? 0;
    this.stems.set(stem, count + 1);
    return count;
  }

  report(code: ErrorCode, severity: Diagnostic['severity'], place: string, message: string, params: JsonObject): void {
    this.diagnostics.push(finding(code, place, message, { severity, params }));
  }
}

/** Where a node stands: decides what it means that a hint is absent (format.md 18.5). */
export interface Standing {
  role: 'root' | 'item' | 'member' | 'form' | 'field';
  /** Path of the data that the node describes, `*` for any index or key. */
  path: DataPath;
  place: string;
  /** The kind of the container around the node, as far as it is said. */
  around?: string | undefined;
}

/** One schema node under way: its hints as written, and what becomes of them. */
export class NodeDraft {
  readonly hints: JsonObject;
  readonly standing: Standing;
  readonly context: ImportContext;
  readonly schema: JsonObject;
  readonly ui: JsonObject = {};
  /** The blocks of this node, among those of all. */
  readonly blocks: Block[] = [];

  constructor(schema: JsonObject, hints: JsonObject, standing: Standing, context: ImportContext) {
    this.schema = schema;
    this.hints = hints;
    this.standing = standing;
    this.context = context;
  }

  hint(name: string): unknown {
    return Object.hasOwn(this.hints, name) ? this.hints[name] : undefined;
  }

  text(name: string): string | undefined {
    const value = this.hint(name);
    return typeof value === 'string' && value !== '' ? value : undefined;
  }

  number(name: string): number | undefined {
    const value = this.hint(name);
    return typeof value === 'number' ? value : undefined;
  }

  /** Notes a hint of `ui` and which older one it came from. An earlier note stands. */
  set(key: string, value: unknown, from: string): void {
    if (value === undefined || Object.hasOwn(this.ui, key)) return;
    this.ui[key] = value;
    this.changed(from, `ui.${key}`);
  }

  /** The same for a key inside an object of `ui`. */
  setInside(key: string, name: string, value: unknown, from: string): void {
    if (value === undefined) return;
    const inner = (this.ui[key] ?? {}) as JsonObject;
    this.ui[key] = { ...inner, [name]: value };
    this.changed(from, `ui.${key}.${name}`);
  }

  changed(hint: string, becomes: string): void {
    this.context.changes.push({ place: this.standing.place, hint, becomes });
  }

  /** A hint that means nothing here: said, without effect. */
  unknown(name: string, value?: unknown): void {
    const shown = value === undefined ? '' : ` with the value ${JSON.stringify(value).slice(0, 80)}`;
    const place = at(at(this.standing.place, '_ux'), name);
    const params = { hint: name, ...(value === undefined ? {} : { value }) };
    this.context.report('hint_unknown', 'info', place, `The hint "${name}"${shown} has no meaning here.`, params);
  }
}
