import type { Answered, Answerer, ModuleCall } from '../execution/answerer.ts';
import { contentHash } from '../execution/hash.ts';
import { TRIES_PER_EXECUTION } from '../execution/with-retries.ts';
import type { JsonObject } from '../models/json.ts';
import type { Module } from '../modules/module.ts';
import type { Clock } from '../ports/clock.ts';
import { brokenPorts, faultOf, SLOW_MS } from './faults.ts';
import { fillOutputs } from './mock-output.ts';
import { createMockAnswerer } from './mock-answerer.ts';
import type { PreviewSettings, ScenarioEntry } from './preview-settings.ts';

export interface PreviewAnswererOptions extends PreviewSettings {
  /** Lets a slow port be slow. */
  clock: Pick<Clock, 'sleep'>;
}

/**
 * Answers modules in a preview whose author says more than mock or real (format.md 17.2): pinned outputs first, then the
 * scenario, then what the mock answerer would do in the module's own mode. Pins and scenarios may name any module, also
 * one that asks a person: with outputs it asks nobody.
 */
export function createPreviewAnswerer({ modes = {}, scenario, clock }: PreviewAnswererOptions): Answerer {
  const ownModes = new Map(Object.entries(modes));
  const entries = new Map(Object.entries(scenario?.modules ?? {}));
  const mock = createMockAnswerer();
  const tries = new Map<string, number>();

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
    const mode = ownModes.get(call.compiled.path);
    if (isPinned(mode)) return pinned(call, mode.pinned);
    const output = entries.get(call.compiled.path)?.output;
    return output ? { outputs: fillOutputs(call, output), origin: { kind: 'mocked', reason: 'scenario' } } : null;
  };

  return {
    modeOf(path) {
      const mode = ownModes.get(path);
      if (isPinned(mode)) return `pinned:${contentHash(mode.pinned)}`;
      const entry = entries.get(path);
      const { answer: _answer, ...staged } = entry ?? {};
      if (Object.keys(staged).length === 0) return mode;
      const kind = staged.output ? 'scenario' : `${mode ?? 'run'}+fault`;
      return `${kind}:${contentHash([mode ?? null, staged])}`;
    },
    async instead(call) {
      const entry = entries.get(call.compiled.path);
      if (!isPinned(ownModes.get(call.compiled.path)) && entry && isFailing(call, entry)) {
        if (entry.fail === 'slow') await clock.sleep(SLOW_MS, call.signal);
        else if (entry.fail) throw faultOf(call.module, entry.fail);
      }
      return fixed(call);
    },
    async answer(call, run) {
      const own = ownModes.get(call.compiled.path);
      if (isPinned(own)) return pinned(call, own.pinned);
      const entry = entries.get(call.compiled.path);
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

type OwnMode = NonNullable<PreviewSettings['modes']>[string];

function isPinned(mode: OwnMode | undefined): mode is Exclude<OwnMode, string> {
  return typeof mode === 'object';
}

function pinned(call: ModuleCall<Module>, outputs: JsonObject): Answered {
  return { outputs: fillOutputs(call, outputs), origin: { kind: 'pinned', reason: 'pinned_outputs' } };
}
