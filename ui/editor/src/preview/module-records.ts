import type { Usage } from '@wfm/workflow-engine/events';
import type { InteractionAnswer, InteractionRequest, VirtualWorkflowResponse } from '@wfm/workflow-engine/models';
import { isJsonObject } from '@wfm/workflow-engine/models';

/** What the newest preview has on record of one module: the events of its last execution. */
export interface ModuleRecord {
  /** `step_id/module_name`. */
  readonly key: string;
  readonly moduleId?: string;
  /** Its inputs, templates resolved. */
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
  /** Root keys of flat state that it has set, as they are after it. */
  readonly stateMapped?: Readonly<Record<string, unknown>>;
  readonly request?: InteractionRequest;
  readonly answer?: InteractionAnswer;
  readonly usage?: Usage;
  readonly durationMs?: number;
  readonly startedAt?: string;
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
  /** Position of its newest event in the log. */
  readonly seq: number;
  /** Of its question. */
  readonly askedSeq?: number;
}

const known = new WeakMap<VirtualWorkflowResponse, ReadonlyMap<string, ModuleRecord>>();

/** The records of a preview by `step_id/module_name`, in the order in which they came about. */
export function recordsOf(response: VirtualWorkflowResponse): ReadonlyMap<string, ModuleRecord> {
  const made = known.get(response) ?? readTree(response.state.steps);
  known.set(response, made);
  return made;
}

function readTree(steps: Readonly<Record<string, unknown>>): ReadonlyMap<string, ModuleRecord> {
  const records: ModuleRecord[] = [];
  for (const [stepId, step] of nodesOf(steps)) {
    for (const [name, module] of nodesOf(step)) records.push(readModule(`${stepId}/${name}`, module));
  }
  return new Map(records.toSorted((a, b) => a.seq - b.seq).map((record) => [record.key, record]));
}

/** Own members that are nodes of the tree; `_metadata` describes the node itself. */
function nodesOf(node: Readonly<Record<string, unknown>>): [string, Record<string, unknown>][] {
  return Object.entries(node).filter(
    (entry): entry is [string, Record<string, unknown>] => entry[0] !== '_metadata' && isJsonObject(entry[1]),
  );
}

function readModule(key: string, module: Readonly<Record<string, unknown>>): ModuleRecord {
  const events = nodesOf(module).toSorted(([, a], [, b]) => Number(a['seq']) - Number(b['seq']));
  let record: ModuleRecord = { key, warnings: [], seq: 0 };
  for (const [name, data] of events) record = { ...noted(record, typeOf(name), data), seq: Number(data['seq']) };
  return record;
}

/** Of several events of a type the later ones have a number behind them. */
const typeOf = (name: string): string => name.replace(/\.\d+$/, '');

function noted(record: ModuleRecord, type: string, data: Readonly<Record<string, unknown>>): ModuleRecord {
  switch (type) {
    case 'module_started':
      return {
        key: record.key,
        seq: record.seq,
        warnings: [],
        moduleId: String(data['module_id']),
        ...(isJsonObject(data['inputs']) ? { inputs: data['inputs'] } : {}),
        ...(typeof data['time'] === 'string' ? { startedAt: data['time'] } : {}),
      };
    case 'module_completed':
      return {
        ...record,
        ...(isJsonObject(data['outputs']) ? { outputs: data['outputs'] } : {}),
        ...(isJsonObject(data['state_mapped']) ? { stateMapped: data['state_mapped'] } : {}),
        ...(isJsonObject(data['usage']) ? { usage: data['usage'] } : {}),
        ...(typeof data['duration_ms'] === 'number' ? { durationMs: data['duration_ms'] } : {}),
        warnings: (data['warnings'] as ModuleRecord['warnings'] | undefined) ?? [],
      };
    case 'interaction_requested':
      return {
        ...record,
        askedSeq: Number(data['seq']),
        ...(isJsonObject(data['request']) ? { request: data['request'] as InteractionRequest } : {}),
      };
    case 'interaction_response':
      return {
        ...record,
        ...(isJsonObject(data['response']) ? { answer: data['response'] } : {}),
      };
    default:
      return record;
  }
}
