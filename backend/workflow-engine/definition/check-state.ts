import type { Diagnostic } from '../models/diagnostic.ts';
import type { CheckedModule } from './checked-module.ts';
import { finding } from './report.ts';
import type { StateAnalysis, StateRead, StateWrite } from './state-keys.ts';
import type { Suggest, Suggestion } from './suggest.ts';

/** What the engine itself puts into the state of a retried execution (format.md 7.6). */
const engineKeys = ['_retry_conversation_history', '_retry_feedback'];

/** Keys read that nothing has written by then, and keys that two modules write (format.md 4, 25.1, 25.3). Warnings all. */
export function checkState(
  { writes, reads }: StateAnalysis,
  modules: readonly CheckedModule[],
  suggest: Suggest,
): Diagnostic[] {
  return [...new ReadCheck(writes, modules, suggest).check(reads), ...checkCollisions(writes)];
}

interface Missing {
  key: string;
  message: string;
  near: Suggestion;
}

class ReadCheck {
  private readonly modules: readonly CheckedModule[];
  private readonly writersOf: Map<string, StateWrite[]>;
  private readonly reach: number[];
  private readonly suggest: Suggest;

  constructor(writes: readonly StateWrite[], modules: readonly CheckedModule[], suggest: Suggest) {
    this.modules = modules;
    this.writersOf = groupBy(writes, ({ path }) => path[0] ?? '');
    this.reach = reachOf(modules);
    this.suggest = suggest;
  }

  check(reads: readonly StateRead[]): Diagnostic[] {
    return reads.flatMap((read) => {
      const missing = read.guarded ? undefined : this.missing(read);
      if (!missing) return [];
      const { key, message, near } = missing;
      const { line, column } = read;
      const params = { key, ...near.params, ...(line === undefined ? {} : { line, column }) };
      return [finding('state_key_unknown', read.place, message, { params, hint: near.hint })];
    });
  }

  private missing(read: StateRead): Missing | undefined {
    const key = read.path[0] ?? '';
    if (engineKeys.includes(key)) return undefined;
    const writers = this.writersOf.get(key) ?? [];
    if (writers.some((write) => this.isSeen(write, read))) return this.misspeltOutput(read, writers);
    const [later] = writers;
    if (later) {
      const where = `${later.step_id ?? ''}/${later.module_name ?? ''}`;
      const message = `"state.${key}" is read before ${where} writes it.`;
      return { key, message, near: { params: { written_by: where } } };
    }
    const near = this.suggest(key, () => this.keysBefore(read));
    return { key, message: `Nothing writes "state.${key}".`, near };
  }

  private isSeen(write: StateWrite, read: StateRead): boolean {
    if (read.by === 'late' || write.by === 'child' || write.order < read.order) return true;
    // A sub-action of the same question has its data read again (format.md 13.5).
    if (write.by === 'sub_action' && write.order === read.order) return true;
    return write.order <= (this.reach[read.order] ?? -1);
  }

  private *keysBefore(read: StateRead): Generator<string> {
    for (const [key, writers] of this.writersOf) if (writers.some((write) => write.order < read.order)) yield key;
  }

  /** `state.<module>.<output>` where the module's outputs are known and this is none of them. */
  private misspeltOutput(read: StateRead, writers: readonly StateWrite[]): Missing | undefined {
    const [name, output] = read.path;
    const [writer] = writers;
    // Only where one module alone can have put the value there is its shape known.
    if (output === undefined || writer?.by !== 'output' || writers.length > 1) return undefined;
    const module = this.modules[writer.order]?.module;
    if (!module || module.outputs.def.catchall !== undefined) return undefined;
    const known = Object.keys(module.outputs.shape);
    if (known.includes(output)) return undefined;
    const near = this.suggest(output, () => known);
    return { key: `${name}.${output}`, message: `The module "${name}" has no output "${output}".`, near };
  }
}

/**
 * For each module the last one whose writes it may see after a retry, -1 for none: a retry keeps the state (format.md
 * 9.6), so what stands between its target and itself is there the second time.
 */
function reachOf(modules: readonly CheckedModule[]): number[] {
  const orders = new Map(modules.map((module) => [JSON.stringify([module.stepId, module.name]), module.order]));
  const reach = modules.map(() => -1);
  for (const module of modules) {
    for (const option of module.node.retryable?.options ?? []) {
      if (option.mode !== 'retry') continue;
      const target = [option.target_step ?? module.stepId, option.target_module ?? module.name];
      const order = orders.get(JSON.stringify(target));
      if (order !== undefined) reach[order] = Math.max(reach[order] ?? -1, module.order);
    }
  }
  for (let order = 1; order < reach.length; order += 1) {
    reach[order] = Math.max(reach[order] ?? -1, reach[order - 1] ?? -1);
  }
  return reach;
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
