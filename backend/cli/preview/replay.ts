import { dirname, resolve } from 'node:path';
import { engineVersion, readPackage } from '@wfm/workflow-engine';
import { type LoadedWorkflow, loadWorkflow } from '@wfm/workflow-engine/definition';
import { namedModels, redact, replayingPorts, replaySaved, type SavedPreview } from '@wfm/workflow-engine/mock';
import { clockAt, machinePorts, throwAwayEngine } from '../compose.ts';
import { compareLogs, type Difference } from './difference.ts';

export interface Replay {
  /** Null when the preview did the same again. */
  difference: Difference | null;
  /** What it does now. */
  preview: SavedPreview;
  /** An answer or a command that the run does not take any more, in words. */
  refused: string | null;
}

/**
 * Does a saved preview again, in memory and without a network: the same instant, the same answers, the same replies.
 * Throws what is wrong with the workflow that it names.
 */
export async function replay(saved: SavedPreview, file: string): Promise<Replay> {
  const clock = clockAt(saved.now);
  const ports = replayingPorts(namedModels(machinePorts(true).llm, saved.models), saved.calls);
  const { events, refused } = await replaySaved(saved, await workflowOf(saved, file), {
    clock,
    openEngine: (answerer) => throwAwayEngine({ answerer, clock, ports }),
  });
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
