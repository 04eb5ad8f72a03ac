import { dirname, relative, resolve, sep } from 'node:path';
import { engineVersion } from '@wfm/workflow-engine';
import type { LoadedWorkflow } from '@wfm/workflow-engine/definition';
import {
  canonicalEvents,
  modelsOf,
  type Played,
  type PreviewScript,
  type RecordedCall,
  redact,
  type SavedPreview,
  secretsOf,
} from '@wfm/workflow-engine/mock';
import { isJsonObject, type JsonObject } from '@wfm/workflow-engine/models';
import type { LlmProvider } from '@wfm/workflow-engine/ports';
import type { Engine } from '../compose.ts';
import { writeSavedPreview } from './preview-file.ts';

export interface SaveOptions {
  file: string;
  /** Where the workflow lies; given, the file refers to it instead of holding it. */
  link?: string | undefined;
  now: string;
  llm: LlmProvider;
  calls: RecordedCall[];
  /** Places of secrets that the workflow lost before. */
  redacted: readonly string[];
}

/** Saves a preview that was played. Secrets are taken out; gives the places from which. */
export async function savePreview(
  { loaded, mode, target, settings }: PreviewScript,
  { engine, runId, answers }: Played<Engine>,
  { file, link, now, llm, calls, redacted: before }: SaveOptions,
): Promise<string[]> {
  const content = {
    workflow: link === undefined ? resolvedOf(loaded) : pathFrom(file, link),
    ...(settings.modes ? { modes: settings.modes } : {}),
    ...(settings.scenario ? { scenario: settings.scenario } : {}),
    answers,
    calls,
    events: await canonicalEvents(engine.database, runId),
  };
  const { value, redacted } = redact(content, 'preview', secretsOf(process.env));
  const { workflow, modes, scenario, events, ...rest } = value;
  const places = [...before, ...redacted.map((place) => place.slice('preview.'.length))];
  const preview: SavedPreview = {
    wfm_preview: 1,
    engine: engineVersion,
    workflow,
    mode,
    ...(target ? { target: { step_id: target.stepId, module_name: target.moduleName } } : {}),
    ...(modes ? { modes } : {}),
    ...(scenario ? { scenario } : {}),
    now,
    models: modelsOf(llm),
    ...rest,
    redacted: places,
    events,
  };
  await writeSavedPreview(file, preview);
  return places;
}

function resolvedOf({ resolved }: LoadedWorkflow): JsonObject {
  return isJsonObject(resolved) ? resolved : {};
}

/** The way from a file to a workflow, the same on every machine. */
function pathFrom(file: string, workflow: string): string {
  return (
    relative(dirname(resolve(file)), resolve(workflow))
      .split(sep)
      .join('/') || '.'
  );
}
