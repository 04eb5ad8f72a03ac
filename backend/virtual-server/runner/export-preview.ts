import { WorkflowProcessor } from '@wfm/workflow-engine';
import { canonicalJson, loadWorkflow } from '@wfm/workflow-engine/definition';
import { WfmError } from '@wfm/workflow-engine/errors';
import { comparableText } from '@wfm/workflow-engine/events';
import {
  type EndedModule,
  lastOutputs,
  modelsOf,
  namedModels,
  placeOf,
  portableMediaHost,
  redact,
  type Replayed,
  replayingPorts,
  replaySaved,
  type RunScript,
  type SavedPreview,
  scriptOfRun,
  standingClock,
} from '@wfm/workflow-engine/mock';
import { isJsonObject, type JsonObject, limits } from '@wfm/workflow-engine/models';
import type { ExportedPreview, ExportJob, PreviewWatch } from './preview-host.ts';
import { type HostOptions, PreviewSession } from './preview-session.ts';

/**
 * Puts a preview into a portable file: what was done to it as one script, how its modules ended that asked the outside,
 * and what doing that again gives (format.md 22). Secrets are taken out before it is done again, so that the file holds
 * none of them and still does the same everywhere. Executes offline. Throws the refusals of the snapshot,
 * `request_invalid` where nothing has run yet, and `run_limit` where doing it again takes too long.
 */
export async function exportPreview(
  options: HostOptions,
  { userId, snapshot, description }: ExportJob,
  { signal }: PreviewWatch,
): Promise<ExportedPreview> {
  const { session } = await PreviewSession.open(options.storage, snapshot, { ...options, userId });
  const { database, processor } = session;
  const run = await session.load();
  const { state, version } = run;
  const definition = await database.definitions.readDefinition({ versionId: state.versionId });
  if (!isJsonObject(definition) || state.modules.size === 0) {
    throw new WfmError('request_invalid', 'Nothing has run in this preview yet, so there is nothing to save.', {
      place: 'virtual_db',
    });
  }
  const saving: Saving = {
    options,
    userId,
    description,
    definition,
    mode: state.created.mode,
    now: state.createdAt,
    signal: AbortSignal.any([signal, timeLimit(options.limits?.wallMs ?? limits.previewWallMs)]),
  };
  const paths = new Set(version.steps.flatMap((step) => step.modules.map(({ path }) => path)));
  const ends = await lastOutputs(processor, run);
  let best: { preview: SavedPreview; differs: string[]; faults: number } | null = null;
  for (const { mocksToo, straight } of ways) {
    const source = {
      runId: state.runId,
      runs: database.runs,
      loader: processor.loader,
      registry: options.registry,
      mode: saving.mode,
      records: (ended: EndedModule) => isRecorded(ended, mocksToo || saving.mode === 'real'),
      knows: (path: string) => paths.has(path),
      straight,
    };
    const { preview, replayed } = await save(saving, await scriptOfRun(source, state.branchId));
    const differs = differing(ends, replayed);
    const faults = differs.length + (replayed.refused === null ? 0 : 1);
    if (best === null || faults < best.faults) best = { preview, differs, faults };
    if (faults === 0) break;
  }
  if (best === null) throw new TypeError('there is no way to save a preview');
  return { preview: best.preview, differs: best.differs };
}

/**
 * Ways of telling what happened, the most telling first. Where a mock came of the time of day, it has to be recorded for
 * the rest to come out alike; where an edit took away what a left line needs, its retries and jumps cannot be told.
 */
const ways = [
  { mocksToo: false, straight: false },
  { mocksToo: true, straight: false },
  { mocksToo: true, straight: true },
];

/** Aborts after the time that a preview may take by itself: nothing outside is asked here. */
function timeLimit(ms: number): AbortSignal {
  const controller = new AbortController();
  const message = `Doing the preview again takes longer than the ${ms} ms that a preview may take. Save a shorter one.`;
  const error = new WfmError('run_limit', message, { params: { what: 'time', limit: ms } });
  setTimeout(() => controller.abort(error), ms).unref();
  return controller.signal;
}

/** What doing a preview again cannot make anew: what was staged or really called, and media, which need their server. */
function isRecorded({ asks, origin }: EndedModule, mocksToo: boolean): boolean {
  if (origin.kind === 'pinned' || origin.reason === 'scenario' || asks === 'worker') return true;
  return asks === 'outside' && (mocksToo || origin.kind === 'executed');
}

interface Saving {
  options: HostOptions;
  userId: string;
  description: string | undefined;
  definition: JsonObject;
  mode: SavedPreview['mode'];
  /** The instant at which all happens again. */
  now: string;
  signal: AbortSignal;
}

/** The file of a script, and what doing it again gave. */
async function save(
  { options, userId, description, definition, mode, now, signal }: Saving,
  { steps, outcomes, halted }: RunScript,
): Promise<{ preview: SavedPreview; replayed: Replayed }> {
  const { llm, registry, ids, engine } = options;
  const said = redact({ workflow: definition, answers: steps, outcomes }, '');
  const script: Omit<SavedPreview, 'redacted' | 'events'> = {
    wfm_preview: 1,
    engine,
    ...(description === undefined ? {} : { description }),
    workflow: said.value.workflow,
    mode,
    ...(halted === null ? {} : { target: targetOf(halted) }),
    now,
    models: modelsOf(llm),
    answers: said.value.answers,
    calls: [],
    ...(outcomes.length > 0 ? { outcomes: said.value.outcomes } : {}),
  };
  const clock = standingClock(now, options.clock);
  const ports = replayingPorts(namedModels(llm, script.models), script.calls);
  const replayed = await replaySaved(script, loadWorkflow({ json: said.value.workflow }), {
    clock,
    signal,
    openEngine(answerer) {
      const database = options.storage.create();
      const media = options.media && { media: { catalogue: options.media.catalogue, host: portableMediaHost } };
      const parts = { database, registry, ...ports, ...media, clock, ids, engine, executor: 'preview', answerer };
      const processor = new WorkflowProcessor(parts);
      return { processor, registry, database, userId, close: () => processor.close() };
    },
  });
  const events = redact(replayed.events, 'events');
  const redacted = [...said.redacted.map((place) => place.slice(1)), ...events.redacted];
  return { preview: { ...script, redacted, events: events.value }, replayed };
}

function targetOf(path: string): SavedPreview['target'] {
  const { stepId, moduleName } = placeOf(path);
  return { step_id: stepId, module_name: moduleName };
}

/** Modules whose outputs are not the same again; ids and instants, which are new each time, do not count. */
function differing(ends: ReadonlyMap<string, JsonObject>, { outputs }: Replayed): string[] {
  const text = (value: JsonObject | undefined): string =>
    comparableText(canonicalJson(redact(value ?? null, '').value));
  const paths = new Set([...ends.keys(), ...outputs.keys()]);
  return [...paths].filter((path) => text(ends.get(path)) !== text(outputs.get(path)));
}
