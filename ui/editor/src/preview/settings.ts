import { isJsonObject } from '@wfm/workflow-engine/models';
import { setPreview } from '../document/commands.ts';
import { type EditorDocument, objectOf } from '../document/document.ts';
import { modulesOf, outlineOf } from '../document/outline.ts';
import type { PreviewSettings } from '../runtime/preview-session.ts';
import type { Modes, Scenario } from '../runtime/virtual-api.ts';
import type { Workbench } from '../workbench/workbench.ts';

/**
 * How questions on the way are answered. `hand`: each is asked anew after an edit; `last`: what was answered before
 * stands where it still fits; `sample`: whatever is open gets the smallest valid answer.
 */
export type Answers = 'hand' | 'last' | 'sample';

/** What an author has chosen for the preview; it lies beside the version (format.md 17.8), in the draft. */
export interface PreviewChoices {
  readonly mock: boolean;
  readonly modes: Modes;
  readonly scenarios: readonly Scenario[];
  /** The name of the scenario that is played; null for none. */
  readonly scenario: string | null;
  readonly answers: Answers;
}

const standard: PreviewChoices = { mock: true, modes: {}, scenarios: [], scenario: null, answers: 'last' };
const known = new WeakMap<object, PreviewChoices>();

/** The choices in a document. Tolerant: what has no right shape is as if it were not there. */
export function choicesOf({ preview }: Pick<EditorDocument, 'preview'>): PreviewChoices {
  if (!isJsonObject(preview)) return standard;
  const made = known.get(preview) ?? read(preview);
  known.set(preview, made);
  return made;
}

/** What a request of the preview says: modules that are gone are left out, since the server would refuse them. */
export function settingsOf(document: EditorDocument): PreviewSettings {
  const { mock, modes, scenarios, scenario, answers } = choicesOf(document);
  const asked: Record<string, Modes[string]> = {};
  const modules = modulesOf(outlineOf(document));
  for (const { key, moduleId } of modules) {
    const own = modes[key];
    if (own !== undefined) asked[key] = own;
    else if (!mock && !isMedia(moduleId)) asked[key] = 'real';
  }
  const played = scenarios.find(({ name }) => name === scenario);
  const entries = Object.entries(played?.modules ?? {}).filter(([key]) => modules.some((module) => module.key === key));
  return {
    modes: asked,
    scenario: played ? { name: played.name, modules: Object.fromEntries(entries) } : null,
    answers: answers === 'sample' ? 'sample' : 'ask',
    autoReapply: answers !== 'hand',
  };
}

/** How a module is answered by itself, whatever the workflow's own switch says; null: as the workflow is. */
export function ownModeOf(choices: PreviewChoices, key: string): 'mock' | 'real' | 'pinned' | null {
  const mode = choices.modes[key];
  return mode === undefined ? null : typeof mode === 'string' ? mode : 'pinned';
}

/** How a module is answered. */
export function modeOf(choices: PreviewChoices, key: string): 'mock' | 'real' | 'pinned' {
  return ownModeOf(choices, key) ?? (choices.mock ? 'mock' : 'real');
}

/** Media are never really made in a preview (format.md 17.6). */
export const isMedia = (moduleId: string): boolean => moduleId.startsWith('media.');

/** True for modules that reach outside: the others do the same in either mode. */
export const callsProviders = (moduleId: string): boolean => /^(?:api|media|db)\./.test(moduleId);

/** Changes the choices; it can be undone like any edit, and is kept with the draft. Typing in one field is one `group`. */
export function choose({ store }: Pick<Workbench, 'store'>, change: Partial<PreviewChoices>, group?: string): void {
  const { document } = store.getState().history.present;
  const next = { ...choicesOf(document), ...change };
  const command = setPreview({ ...objectOf(document.preview), ...next });
  store.acts.run(group === undefined ? command : { ...command, group });
}

/** Sets the mode of one module; null: as the workflow is. */
export function chooseMode(workbench: Pick<Workbench, 'store'>, key: string, mode: Modes[string] | null): void {
  const { [key]: _old, ...rest } = choicesOf(workbench.store.getState().history.present.document).modes;
  choose(workbench, { modes: mode === null ? rest : { ...rest, [key]: mode } });
}

function read(preview: Record<string, unknown>): PreviewChoices {
  const { mock, answers, scenario } = preview;
  const scenarios = (Array.isArray(preview['scenarios']) ? (preview['scenarios'] as unknown[]) : []).filter(isScenario);
  return {
    mock: mock !== false,
    modes: Object.fromEntries(Object.entries(objectOf(preview['modes'])).filter(isMode)),
    scenarios,
    scenario: scenarios.some(({ name }) => name === scenario) ? (scenario as string) : null,
    answers: answers === 'hand' || answers === 'sample' ? answers : 'last',
  };
}

function isScenario(value: unknown): value is Scenario {
  return isJsonObject(value) && typeof value['name'] === 'string' && isJsonObject(value['modules']);
}

function isMode(entry: [string, unknown]): entry is [string, Modes[string]] {
  const [, mode] = entry;
  return mode === 'mock' || mode === 'real' || (isJsonObject(mode) && isJsonObject(mode['pinned']));
}
