import { canonicalJson } from '../../definition/canonical-json.ts';
import type { CompiledModule } from '../../definition/compile-version.ts';
import type { Origin } from '../../events/run-event.ts';
import { digestsOf } from '../hash.ts';
import type { Journal } from '../journal.ts';
import type { Prepared } from '../prepare-module.ts';
import { moduleKey } from '../run-state.ts';
import { mapOutputs } from '../state-mapping.ts';
import { readsWritten, type Reuse } from './reuse.ts';

/**
 * Lets a record's outputs stand for running a module whose inputs are unchanged (format.md 10.7.3): a new
 * `module_completed` whose `state_mapped` is worked out anew. False when the module has to run; a question is never
 * taken over here, since its answer is (see reapply-answer.ts).
 */
export function takeOver(journal: Journal, reuse: Reuse, compiled: CompiledModule, prepared: Prepared): boolean {
  const { module, heldHashes } = prepared;
  const key = moduleKey(compiled.stepId, compiled.name);
  if (reuse.force.has(compiled.path) || readsWritten(reuse, prepared)) return false;
  if (module.kind === 'interactive' && reuse.pool.answered(key, module.id, prepared.inputHash)) return false;
  const found = reuse.pool.claim(key, module.id, heldHashes);
  if (!found) return false;
  const { record, moved } = found;
  const mapped = mapOutputs(compiled.node.outputs_to_state, record.outputs, journal.state.flat);
  const remapped = record.stateMapped !== null && canonicalJson(mapped) !== canonicalJson(record.stateMapped);
  const origin: Origin = {
    kind: 'reused',
    reason: moved ? 'moved' : remapped ? 'remapped' : 'inputs_unchanged',
    ...(record.completed ? { from: { branch_id: record.completed.branchId, seq: record.completed.seq } } : {}),
  };
  journal.push({
    type: 'module_completed',
    step_id: compiled.stepId,
    module_name: compiled.name,
    attempt: 1,
    data: {
      module_id: module.id,
      revision: module.revision,
      started_at: record.startedAt,
      parts: { ...digestsOf(prepared.inputs), ...prepared.reads },
      outputs: record.outputs,
      state_mapped: mapped,
      input_hash: record.inputHash,
      origin,
      duration_ms: 0,
      warnings: prepared.warnings,
    },
  });
  return true;
}
