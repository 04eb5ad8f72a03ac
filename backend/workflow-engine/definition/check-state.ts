import type { Diagnostic } from '../models/diagnostic.ts';
import { suggestion } from './check-modules.ts';
import type { CheckedModule } from './checked-module.ts';
import { nearest } from './nearest.ts';
import { finding } from './report.ts';
import type { StateAnalysis, StateRead, StateWrite } from './state-keys.ts';

/** What the engine itself puts into the state of a retried execution (format.md 7.6). */
const engineKeys = ['_retry_conversation_history', '_retry_feedback'];

/** Keys read that nothing has written by then, and keys that two modules write (format.md 4, 25.1, 25.3). Warnings all. */
export function checkState({ writes, reads }: StateAnalysis, modules: readonly CheckedModule[]): Diagnostic[] {
  return [...checkReads(writes, reads, modules), ...checkCollisions(writes)];
}

function checkReads(
  writes: readonly StateWrite[],
  reads: readonly StateRead[],
  modules: readonly CheckedModule[],
): Diagnostic[] {
  const byKey = groupBy(writes, ({ path }) => path[0] ?? '');
  const loops = retriesOf(modules);
  const found: Diagnostic[] = [];
  for (const read of reads) {
    const key = read.path[0];
    if (read.guarded || key === undefined || engineKeys.includes(key)) continue;
    const writers = byKey.get(key) ?? [];
    const seen = writers.filter((write) => isSeen(write, read, loops));
    const missing =
      seen.length === 0 ? describeMissing(key, writers, read, writes) : misspeltOutput(read, seen, modules);
    if (!missing) continue;
    const params = {
      key: missing.key,
      ...missing.near.params,
      ...(read.line === undefined ? {} : { line: read.line, column: read.column }),
    };
    found.push(finding('state_key_unknown', read.place, missing.message, { params, hint: missing.near.hint }));
  }
  return found;
}

interface Loop {
  from: number;
  to: number;
}

/** A retry keeps the state (format.md 9.6), so what stands between its target and itself is there the second time. */
function retriesOf(modules: readonly CheckedModule[]): Loop[] {
  return modules.flatMap((module) =>
    (module.node.retryable?.options ?? []).flatMap((option) => {
      if (option.mode !== 'retry') return [];
      const stepId = option.target_step ?? module.stepId;
      const name = option.target_module ?? module.name;
      const target = modules.find((other) => other.stepId === stepId && other.name === name);
      return target ? [{ from: module.order, to: target.order }] : [];
    }),
  );
}

function isSeen(write: StateWrite, read: StateRead, loops: readonly Loop[]): boolean {
  if (read.by === 'late' || write.by === 'child' || write.order < read.order) return true;
  // A sub-action of the same question has its data read again (format.md 13.5).
  if (write.by === 'sub_action' && write.order === read.order) return true;
  return loops.some(({ from, to }) => to <= read.order && write.order <= from);
}

interface Missing {
  key: string;
  message: string;
  near: ReturnType<typeof suggestion>;
}

function describeMissing(
  key: string,
  writers: readonly StateWrite[],
  read: StateRead,
  writes: readonly StateWrite[],
): Missing {
  const [later] = writers;
  if (later) {
    const where = `${later.step_id ?? ''}/${later.module_name ?? ''}`;
    const message = `"state.${key}" is read before ${where} writes it.`;
    return { key, message, near: { params: { written_by: where } } };
  }
  const known = new Set(writes.filter((write) => write.order < read.order).map((write) => write.path[0] ?? ''));
  return { key, message: `Nothing writes "state.${key}".`, near: suggestion(nearest(key, known)) };
}

/** `state.<module>.<output>` where the module's outputs are known and this is none of them. */
function misspeltOutput(
  read: StateRead,
  seen: readonly StateWrite[],
  modules: readonly CheckedModule[],
): Missing | undefined {
  const [name, output] = read.path;
  const last = seen.at(-1);
  if (output === undefined || last?.by !== 'output' || seen.some(({ by }) => by !== 'output')) return undefined;
  const module = modules[last.order]?.module;
  if (!module || module.outputs.def.catchall !== undefined || Object.hasOwn(module.outputs.shape, output))
    return undefined;
  const near = suggestion(nearest(output, Object.keys(module.outputs.shape)));
  return { key: `${name}.${output}`, message: `The module "${name}" has no output "${output}".`, near };
}

/** Rule 25.3: the later event wins. Several modules may fill parts of one object, and what seeds a key is no rival. */
function checkCollisions(writes: readonly StateWrite[]): Diagnostic[] {
  const rivals = writes.filter(({ by, named }) => named && (by === 'output' || by === 'mapping'));
  const found: Diagnostic[] = [];
  for (const [key, group] of groupBy(rivals, ({ path }) => path.join('.'))) {
    const [first] = group;
    for (const write of group.slice(1)) {
      if (!first || (write.group !== undefined && write.group === first.group)) continue;
      const message = `"state.${key}" is written by ${first.step_id}/${first.module_name} too; the later one wins.`;
      found.push(finding('state_key_collision', write.place, message, { params: { key, first: first.place } }));
    }
  }
  return found;
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
