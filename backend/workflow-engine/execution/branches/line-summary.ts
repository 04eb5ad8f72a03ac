import { canonicalJson } from '../../definition/canonical-json.ts';
import { comparableText } from '../../events/comparable-text.ts';
import type { EventOf, Origin, RunEvent, Usage } from '../../events/run-event.ts';
import { addUsage } from '../../ports/store-rules.ts';
import { textHash } from '../hash.ts';
import { leastJsonBytes } from '../large-values.ts';
import { type ModuleKey, moduleKey, type ModuleRecord } from '../run-state.ts';
import { shown } from './value-diff.ts';

/** A value of a line: its hash, and itself where a diff may need it. */
export interface KeptValue {
  hash: string;
  value?: unknown;
}

/** What a line did with one module. */
export interface ModuleSummary {
  stepId: string;
  name: string;
  moduleId: string;
  status: ModuleRecord['phase'];
  /** Deliberate and interrupted tries after the common point. */
  tries: number;
  inputHash: string | null;
  /** Null for a record taken over from another line, which has no start of its own. */
  inputs: Map<string, KeptValue> | null;
  /** Names of inputs edited by hand (format.md 10.5). */
  editedInputs: string[];
  origin: Origin | null;
  answer: { hash: string; response: unknown; actionId: string } | null;
  outputs: KeptValue | null;
  error: { code: string; message: string } | null;
  usage: Usage;
  durationMs: number;
  /** False for what happened before the common point alone. */
  touched: boolean;
}

export interface SummaryOptions {
  /** Last `seq` that both lines share: what came before is known and not counted. */
  commonSeq: number;
  /**
   * Ids and instants differ between two runs that did the same. So ids are numbered by first appearance within a value
   * and instants all read alike, as in the canonical form of a log (format.md 8.7).
   */
  numberIds: boolean;
}

/** Values kept for diffs: each, and all of one line together. Beyond that a diff has the hashes to show. */
const VALUE_BYTES = 64 * 1024;
const LINE_BYTES = 16 * 1024 * 1024;

/** Gathers from the events of a line, in order and one at a time, what a comparison needs of it. */
export class LineSummary {
  readonly modules = new Map<ModuleKey, ModuleSummary>();
  /** How the line came about after the common point; null where that was before. */
  fork: EventOf<'branch_created'>['data'] | null = null;
  lastSeq = -1;
  usage: Usage = {};
  durationMs = 0;
  readonly #options: SummaryOptions;
  #keptBytes = 0;

  constructor(options: SummaryOptions) {
    this.#options = options;
  }

  add(event: RunEvent): void {
    this.lastSeq = event.seq;
    if (event.type === 'branch_created' && event.seq > this.#options.commonSeq) this.fork = event.data;
    if (event.step_id === undefined || event.module_name === undefined) return;
    const counts = event.seq > this.#options.commonSeq;
    switch (event.type) {
      case 'module_started': {
        const module = this.#module(event, counts);
        module.status = 'started';
        module.moduleId = event.data.module_id;
        module.inputHash = event.data.input_hash;
        module.inputs = new Map(
          Object.entries(event.data.inputs ?? {}).map(([name, value]) => [name, this.#keep(value)]),
        );
        module.editedInputs = event.data.edited_inputs ?? [];
        module.answer = null;
        module.outputs = null;
        module.error = null;
        if (counts) module.tries += 1;
        return;
      }
      case 'interaction_requested':
        this.#module(event, counts).status = 'asked';
        return;
      case 'interaction_response': {
        const module = this.#module(event, counts);
        module.status = 'answered';
        const { response, action_id: actionId, origin } = event.data;
        module.answer = { hash: this.#keep([response, actionId]).hash, response: shown(response), actionId };
        module.origin = origin;
        return;
      }
      case 'module_completed':
        this.#complete(this.#module(event, counts), event, counts);
        return;
      case 'sub_action_completed':
        if (counts && event.data.usage) this.#spend(this.#module(event, counts), event.data.usage);
        return;
      case 'module_error': {
        const module = this.#module(event, counts);
        module.status = 'failed';
        module.error = { code: event.data.error.code, message: event.data.error.message };
        return;
      }
      case 'task_enqueued':
        if (event.data.purpose === 'module') this.#module(event, counts).status = 'waiting';
        return;
      default:
        return;
    }
  }

  #complete(module: ModuleSummary, { data }: EventOf<'module_completed'>, counts: boolean): void {
    module.status = 'completed';
    module.error = null;
    module.inputHash = data.input_hash;
    if (data.module_id !== undefined) module.moduleId = data.module_id;
    module.outputs = this.#keep(data.outputs ?? {});
    if (module.answer === null || data.origin.kind !== 'executed') module.origin = data.origin;
    // What was reused has been paid for on the line that it comes from.
    if (!counts || data.origin.kind === 'reused') return;
    module.durationMs += data.duration_ms;
    this.durationMs += data.duration_ms;
    if (data.usage) this.#spend(module, data.usage);
  }

  #spend(module: ModuleSummary, usage: Usage): void {
    module.usage = addUsage(module.usage, usage);
    this.usage = addUsage(this.usage, usage);
  }

  #module(event: RunEvent, counts: boolean): ModuleSummary {
    const { step_id: stepId = '', module_name: name = '' } = event;
    const key = moduleKey(stepId, name);
    const known = this.modules.get(key);
    const module: ModuleSummary = known ?? {
      stepId,
      name,
      moduleId: '',
      status: 'started',
      tries: 0,
      inputHash: null,
      inputs: null,
      editedInputs: [],
      origin: null,
      answer: null,
      outputs: null,
      error: null,
      usage: {},
      durationMs: 0,
      touched: false,
    };
    if (counts) module.touched = true;
    if (!known) this.modules.set(key, module);
    return module;
  }

  #keep(value: unknown): KeptValue {
    const text = this.#text(value);
    const hash = textHash(text);
    const bytes = leastJsonBytes(value, VALUE_BYTES);
    if (bytes > VALUE_BYTES || this.#keptBytes + bytes > LINE_BYTES) return { hash };
    this.#keptBytes += bytes;
    return { hash, value: this.#options.numberIds ? (JSON.parse(text) as unknown) : value };
  }

  #text(value: unknown): string {
    const text = canonicalJson(value);
    return this.#options.numberIds ? comparableText(text) : text;
  }
}

/** Names of inputs that are there on one side only or differ; none where a side's inputs are not known. */
export function changedInputs({ inputs: a }: ModuleSummary, { inputs: b }: ModuleSummary): string[] {
  if (!a || !b) return [];
  return [...new Set([...a.keys(), ...b.keys()])].filter((name) => a.get(name)?.hash !== b.get(name)?.hash);
}
