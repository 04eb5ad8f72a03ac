import { dirname, resolve } from 'node:path';
import { engineVersion, readPackage } from '@wfm/workflow-engine';
import { type LoadedWorkflow, loadWorkflow } from '@wfm/workflow-engine/definition';
import { hasCode } from '@wfm/workflow-engine/errors';
import type { JsonObject } from '@wfm/workflow-engine/models';
import { clockAt, machinePorts } from '../compose.ts';
import { canonicalEvents } from './canonical-events.ts';
import { compareLogs, type Difference } from './difference.ts';
import { playPreview, savedAnswers } from './play.ts';
import { namedModels, replayingPorts } from './recorded-ports.ts';
import { redact } from './redact.ts';
import type { SavedPreview } from './saved-preview.ts';

export interface Replay {
  /** Null when the preview did the same again. */
  difference: Difference | null;
  /** What it does now. */
  preview: SavedPreview;
  /** An answer that the question does not take any more, in words. */
  refused: string | null;
}

/**
 * Does a saved preview again, in memory and without a network: the same instant, the same answers, the same replies.
 * Throws what is wrong with the workflow that it names.
 */
export async function replay(saved: SavedPreview, file: string): Promise<Replay> {
  const { events, refused } = await eventsOf(saved, await workflowOf(saved, file));
  // Both sides lose what looks like a secret, so that one which was removed once is not missed now.
  const now = redact(events, 'events').value;
  return {
    difference: compareLogs(redact(saved.events, 'events').value, now),
    preview: { ...saved, engine: engineVersion, events: now },
    refused,
  };
}

async function workflowOf({ workflow }: SavedPreview, file: string): Promise<LoadedWorkflow> {
  if (typeof workflow !== 'string') return loadWorkflow({ json: workflow });
  return loadWorkflow(await readPackage(resolve(dirname(file), workflow)));
}

async function eventsOf(
  saved: SavedPreview,
  loaded: LoadedWorkflow,
): Promise<{ events: JsonObject[]; refused: string | null }> {
  const { mode, target, modes, scenario, now, models, answers, calls } = saved;
  const given = savedAnswers(answers);
  let refused: string | null = null;
  let latest: { database: Parameters<typeof canonicalEvents>[0]; runId: string } | null = null;
  const script = {
    loaded,
    mode,
    target: target && { stepId: target.step_id, moduleName: target.module_name },
    settings: { modes, scenario },
  };
  const parts = {
    clock: clockAt(now),
    ports: replayingPorts(namedModels(machinePorts(true).llm, models), calls),
    answers: async (...question: Parameters<typeof given>) => {
      const [, { database }, runId] = question;
      latest = { database, runId };
      return given(...question);
    },
  };
  try {
    const events = await playPreview(script, parts, ({ engine, runId }) => canonicalEvents(engine.database, runId));
    return { events, refused };
  } catch (error) {
    // A refused answer is a difference like others: the log up to its question says where.
    if (!hasCode(error, 'response_invalid') || latest === null) throw error;
    refused = error.message;
    const { database, runId } = latest;
    return { events: await canonicalEvents(database, runId), refused };
  }
}
