import type { CheckedPackage } from '@wfm/workflow-engine/checks';
import { isJsonObject, type VirtualWorkflowResponse } from '@wfm/workflow-engine/models';
import { recordsOf } from '../preview/module-records.ts';
import type { CheckState } from '../workbench/workbench.ts';

type Analysis = CheckedPackage['state'];
type Write = Analysis['writes'][number];
type Read = Analysis['reads'][number];

/** Who writes and who reads a root key of flat state, in the order of the workflow. */
export interface KeyUses {
  readonly writes: readonly Write[];
  readonly reads: readonly Read[];
}

const known = new WeakMap<CheckState, ReadonlyMap<string, KeyUses>>();
const none: KeyUses = { writes: [], reads: [] };

/** The uses of all root keys; without any where the checks failed. */
export function usesOf(checks: CheckState | null): ReadonlyMap<string, KeyUses> {
  if (!checks || 'failed' in checks.checked) return new Map();
  const made = known.get(checks) ?? collect(checks.checked.state);
  known.set(checks, made);
  return made;
}

function collect({ writes, reads }: Analysis): ReadonlyMap<string, KeyUses> {
  const uses = new Map<string, { writes: Write[]; reads: Read[] }>();
  const of = (key: string) => {
    const found = uses.get(key) ?? { writes: [], reads: [] };
    uses.set(key, found);
    return found;
  };
  // Raw outputs under a name that nobody chose are seldom meant as state, and would hide what is.
  for (const write of writes) if (write.named) of(write.path[0] ?? '').writes.push(write);
  for (const read of reads) of(read.path[0] ?? '').reads.push(read);
  return uses;
}

export const usesOfKey = (uses: ReadonlyMap<string, KeyUses>, key: string): KeyUses => uses.get(key) ?? none;

/** A root key before and after a module. */
export interface KeyChange {
  readonly key: string;
  readonly kind: 'added' | 'changed';
  readonly before: unknown;
  readonly after: unknown;
}

/** What a module has changed in flat state, by the newest preview; null where that has no record of it. */
export function changesBy(
  response: VirtualWorkflowResponse,
  initial: unknown,
  moduleKey: string,
): readonly KeyChange[] | null {
  const flat = new Map(Object.entries(isJsonObject(initial) ? initial : {}));
  for (const record of recordsOf(response).values()) {
    const mapped = record.stateMapped ?? {};
    if (record.key !== moduleKey) {
      for (const [key, value] of Object.entries(mapped)) flat.set(key, value);
      continue;
    }
    if (!record.stateMapped) return null;
    return Object.entries(mapped).flatMap(([key, after]): KeyChange[] => {
      if (!flat.has(key)) return [{ key, kind: 'added', before: undefined, after }];
      const before = flat.get(key);
      return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ key, kind: 'changed', before, after }];
    });
  }
  return null;
}
