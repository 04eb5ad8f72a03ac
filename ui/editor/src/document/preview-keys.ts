import { isJsonObject } from '@wfm/workflow-engine/models';
import type { EditorDocument } from './document.ts';
import { modulesOf, outlineOf } from './outline.ts';

/**
 * Pins, modes and scenarios name modules by `step_id/module_name` (format.md 17.8). They follow a module to its new name
 * or place: `after` is the document once it is there, its preview still as it was.
 */
export function followPreviewKeys(before: EditorDocument, after: EditorDocument): EditorDocument {
  const { preview } = before;
  if (!isJsonObject(preview) || before === after) return after;
  const old = modulesOf(outlineOf(before));
  const now = modulesOf(outlineOf(after));
  const gone = old.filter(({ key }) => !now.some((module) => module.key === key));
  const come = now.filter(({ key }) => !old.some((module) => module.key === key));
  // Every module is there still, so those that are gone are those that have come, in the same order.
  if (gone.length === 0 || gone.length !== come.length) return after;
  const names = new Map(gone.map(({ key }, index) => [key, come[index]?.key ?? key]));
  const renamed = (keyed: unknown): unknown =>
    isJsonObject(keyed)
      ? Object.fromEntries(Object.entries(keyed).map(([key, value]) => [names.get(key) ?? key, value]))
      : keyed;
  const { modes, scenarios } = preview;
  const followed = {
    ...preview,
    ...(modes === undefined ? {} : { modes: renamed(modes) }),
    ...(Array.isArray(scenarios)
      ? {
          scenarios: (scenarios as unknown[]).map((scenario) =>
            isJsonObject(scenario) ? { ...scenario, modules: renamed(scenario['modules']) } : scenario,
          ),
        }
      : {}),
  };
  return JSON.stringify(followed) === JSON.stringify(preview) ? after : { ...after, preview: followed };
}
