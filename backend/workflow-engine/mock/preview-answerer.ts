import type { Answered, Answerer, ModuleCall, TaskWatch } from '../execution/answerer.ts';
import { contentHash } from '../execution/hash.ts';
import { TRIES_PER_EXECUTION } from '../execution/with-retries.ts';
import { REFERRED } from '../execution/workflow-context.ts';
import type { ExecutionMode } from '../models/execution.ts';
import type { JsonObject } from '../models/json.ts';
import type { Module } from '../modules/module.ts';
import type { Clock } from '../ports/clock.ts';
import type { TaskRow } from '../ports/task-queue.ts';
import { brokenPorts, faultOf, SLOW_MS, taskFault } from './faults.ts';
import { fillOutputs } from './mock-output.ts';
import { createMockAnswerer } from './mock-answerer.ts';
import type { PreviewSettings, ScenarioEntry } from './preview-settings.ts';

type TaskWorker = NonNullable<Answerer['work']>;

export interface PreviewAnswererOptions extends PreviewSettings {
  /** Lets a slow port be slow. */
  clock: Pick<Clock, 'sleep'>;
  /** In the preview of an opened run: how what runs newly is answered, while the run's records hold (format.md 22). */
  newMode?: ExecutionMode | undefined;
  /** Does the tasks of media modules in this process. */
  worker?: TaskWorker;
}

/**
 * Answers modules in a preview whose author says more than mock or real (format.md 17.2): pinned outputs first, then the
 * scenario, then what the mock answerer would do in the module's own mode. Pins and scenarios may name any module, also
 * one that asks a person: with outputs it asks nobody.
 */
export function createPreviewAnswerer(options: PreviewAnswererOptions): Answerer {
  const { modes = {}, scenario, clock, newMode, worker } = options;
  const ownModes = new Map(Object.entries(modes));
  const entries = new Map(Object.entries(scenario?.modules ?? {}));
  const mock = createMockAnswerer();
  const tries = new Map<string, number>();

  const modeAt = (call: ModuleCall<Module>) => named(ownModes, call.compiled.path, referredBy(call));
  const entryAt = (call: ModuleCall<Module>) => named(entries, call.compiled.path, referredBy(call));

  const isFailing = (call: ModuleCall<Module>, entry: ScenarioEntry): boolean => {
    if (entry.fail === undefined) return false;
    // Earlier attempts, of which another process may know, have met the fault as often as the engine tries.
    const transient = entry.fail === 'rate_limited';
    const before = (call.attempt - 1) * (transient ? TRIES_PER_EXECUTION : 1);
    const now = tries.get(call.callKey) ?? 0;
    tries.set(call.callKey, now + 1);
    return before + now < (entry.times ?? 1);
  };

  const fixed = (call: ModuleCall<Module>): Answered | null => {
    const mode = modeAt(call);
    if (isPinned(mode)) return pinned(call, mode.pinned);
    const output = entryAt(call)?.output;
    return output ? { outputs: fillOutputs(call, output), origin: { kind: 'mocked', reason: 'scenario' } } : null;
  };

  /** The fault of a module whose work is a task meets the task, and the queue tries again (format.md 17.7). */
  const workOn = async (task: TaskRow, watch: TaskWatch, work: TaskWorker) => {
    const entry = entries.get(`${task.step_id}/${task.module_name}`);
    if (entry?.fail && task.attempts <= (entry.times ?? 1)) {
      if (entry.fail === 'slow') await clock.sleep(SLOW_MS, watch.signal);
      else throw taskFault(task.provider, entry.fail);
    }
    return work(task, watch);
  };

  return {
    modeOf(path, referred) {
      const mode = named(ownModes, path, referred);
      if (isPinned(mode)) return `pinned:${contentHash(mode.pinned)}`;
      const entry = named(entries, path, referred);
      const { answer: _answer, ...staged } = entry ?? {};
      if (Object.keys(staged).length === 0) return mode ?? (newMode && `new:${newMode}`);
      const kind = staged.output ? 'scenario' : `${mode ?? newMode ?? 'run'}+fault`;
      return `${kind}:${contentHash([mode ?? null, staged])}`;
    },
    async instead(call) {
      const entry = entryAt(call);
      const own = modeAt(call);
      if (!isPinned(own) && entry && !worksByTask(call.module) && isFailing(call, entry)) {
        if (entry.fail === 'slow') await clock.sleep(SLOW_MS, call.signal);
        else if (entry.fail) throw faultOf(call.module, entry.fail);
      }
      return fixed(call) ?? (await mock.instead?.({ ...call, mode: modeFor(own, call.mode) })) ?? null;
    },
    prepare: (call, run) => mock.prepare?.({ ...call, mode: modeFor(modeAt(call), call.mode) }, run) ?? run(),
    ...(worker ? { work: (task, watch) => workOn(task, watch, worker) } : {}),
    async answer(call, run) {
      const own = modeAt(call);
      if (isPinned(own)) return pinned(call, own.pinned);
      const entry = entryAt(call);
      if (entry && isFailing(call, entry)) {
        if (entry.fail === 'slow') await clock.sleep(SLOW_MS, call.signal);
        else if (entry.fail) {
          const ports = brokenPorts(call.module, entry.fail);
          if (!ports) throw faultOf(call.module, entry.fail);
          return { outputs: await run(ports), origin: { kind: 'mocked', reason: 'scenario' } };
        }
      }
      return fixed(call) ?? mock.answer({ ...call, mode: own ?? call.mode }, run);
    },
  };
}

/** What is said of a module by its own path, else of the one that it stands for in a child run. */
function named<T>(said: ReadonlyMap<string, T>, path: string, referred: string | undefined): T | undefined {
  return said.get(path) ?? (referred === undefined ? undefined : said.get(referred));
}

function referredBy({ compiled }: ModuleCall<Module>): string | undefined {
  const referred = compiled.node[REFERRED];
  return typeof referred === 'string' ? referred : undefined;
}

/** True for a module whose port is a worker: what goes wrong there goes wrong with its task. */
function worksByTask(module: Module): boolean {
  return module.kind === 'job' || (module.kind === 'interactive' && module.subActionTask !== undefined);
}

function modeFor(own: OwnMode | undefined, mode: ExecutionMode): ExecutionMode {
  return own === 'mock' || own === 'real' ? own : mode;
}

type OwnMode = NonNullable<PreviewSettings['modes']>[string];

function isPinned(mode: OwnMode | undefined): mode is Exclude<OwnMode, string> {
  return typeof mode === 'object';
}

function pinned(call: ModuleCall<Module>, outputs: JsonObject): Answered {
  return { outputs: fillOutputs(call, outputs), origin: { kind: 'pinned', reason: 'pinned_outputs' } };
}
