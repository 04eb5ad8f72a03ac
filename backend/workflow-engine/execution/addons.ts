import type { CompiledModule, CompiledVersion } from '../definition/compile-version.ts';
import { resolveDeep } from '../definition/template/index.ts';
import { isWfmError } from '../errors/index.ts';
import type { Warning } from '../events/run-event.ts';
import type { Annotations } from '../models/annotation.ts';
import type { InteractionDraft } from '../models/interaction.ts';
import { isJsonObject, type JsonObject } from '../models/json.ts';
import { limits } from '../models/limits.ts';
import type { Addon, AddonContext } from '../modules/addons/addon.ts';
import type { InteractiveModule } from '../modules/module.ts';
import { findAddon } from '../modules/addons/standard-addons.ts';
import { parseInputs } from '../modules/parse-inputs.ts';
import type { UsageStore } from '../ports/usage-store.ts';
import type { Journal } from './journal.ts';
import { assertModuleValue } from './large-values.ts';
import type { Started } from './outcome.ts';
import type { RunIdentity } from './workflow-context.ts';

/** Most items of one question that are marked; those behind them go without. */
const itemsMarked = 5000;

/** Whose addons run, and where they look. */
export interface AddonHost {
  compiled: CompiledModule;
  version: CompiledVersion;
  run: RunIdentity;
  journal: Journal;
  usage: UsageStore;
  signal: AbortSignal;
}

interface AddonRun extends AddonHost {
  now: Date;
  /** Takes what went wrong: an addon never stops a run (format.md 16). */
  warnings: Warning[];
}

/** What the module's addons say about the items of its question; no annotations where they say nothing. */
export async function annotateQuestion(
  host: AddonHost,
  module: InteractiveModule,
  draft: InteractionDraft,
  now: Date,
): Promise<{ annotations?: Annotations; warnings: Warning[] }> {
  const warnings: Warning[] = [];
  if (!host.compiled.node.addons || !module.addonItems) return { warnings };
  const items = module.addonItems(draft).slice(0, itemsMarked);
  const annotations: Annotations = {};
  await eachAddon({ ...host, now, warnings }, async (addon, { priority, inputs, context }) => {
    const marks = await addon.annotate(items, inputs, context);
    for (const [index, { path }] of items.entries()) {
      const mark = marks[index];
      if (!mark) continue;
      const key = JSON.stringify(path);
      (annotations[key] ??= []).push({ source: addon.id, ...mark, priority });
    }
  });
  return Object.keys(annotations).length > 0 ? { annotations, warnings } : { warnings };
}

/** Tells the module's addons what was chosen. An answer that is applied again was given before, and was noted then. */
export async function noteAnswer(
  host: AddonHost,
  { module, context, traces }: Pick<Started, 'module' | 'context' | 'traces'>,
  response: JsonObject,
): Promise<void> {
  const { open, questions } = host.journal.state;
  if (!host.compiled.node.addons || module.kind !== 'interactive' || !module.addonItems || !open) return;
  if (open.origin?.kind === 'answer_reapplied') return;
  const items = module.addonItems(open.request, response);
  if (items.length === 0) return;
  const answered = questions.get(open.interactionId)?.answer?.time;
  const now = answered === undefined ? context.now : new Date(answered);
  await eachAddon({ ...host, now, warnings: traces.warnings }, async (addon, { inputs, context: own }) =>
    addon.chosen?.(items, inputs, own),
  );
}

interface Turn {
  priority: number;
  inputs: JsonObject;
  context: AddonContext;
}

async function eachAddon(given: AddonRun, use: (addon: Addon, turn: Turn) => Promise<void>): Promise<void> {
  const { compiled, run, usage, now, signal } = given;
  const scope = {
    userId: run.userId,
    // Without a template nothing is shared between runs.
    templateId: run.templateId ?? `run:${run.runId}`,
    stepId: compiled.stepId,
    moduleName: compiled.name,
  };
  for (const [index, node] of (compiled.node.addons ?? []).entries()) {
    const place = `${compiled.place}.addons[${index}]`;
    const id = String(node['addon_id']);
    const addon = findAddon(id);
    try {
      if (addon) {
        const priority = typeof node['priority'] === 'number' ? node['priority'] : 0;
        await use(addon, {
          priority,
          inputs: inputsOf(given, addon, node['inputs'], `${place}.inputs`),
          context: { scope, now, usage },
        });
      } else warn(given, 'module_not_registered', `There is no addon "${id}".`, { addon_id: id }, place);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      const code = isWfmError(error) ? error.code : 'module_failed';
      const why = isWfmError(error) ? error.message : 'It failed.';
      warn(given, code, `The addon "${id}" was left out. ${why}`, { addon_id: id }, place);
    }
  }
}

/** An addon's inputs, rendered as a module's are and checked by its schema. */
function inputsOf(
  { compiled, version, run, journal, now }: AddonRun,
  addon: Addon,
  written: unknown,
  place: string,
): JsonObject {
  const rendered = resolveDeep(isJsonObject(written) ? written : {}, {
    roots: { state: journal.state.flat, step: version.findStep(compiled.stepId)?.node ?? {}, config: run.config },
    now,
    timezone: run.timezone,
    place,
  }) as JsonObject;
  assertModuleValue(rendered, place);
  return parseInputs(addon, rendered, place).inputs;
}

function warn({ warnings }: AddonRun, code: string, message: string, params: JsonObject, place: string): void {
  if (warnings.length < limits.warningsPerModule) warnings.push({ code, params, message, place });
}
