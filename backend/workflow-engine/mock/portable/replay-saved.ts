import { hasCode } from '../../errors/index.ts';
import type { LoadedWorkflow } from '../../definition/index.ts';
import type { JsonObject } from '../../models/json.ts';
import type { Answerer } from '../../execution/answerer.ts';
import type { LoadedRun } from '../../execution/commands.ts';
import type { WorkflowProcessor } from '../../execution/processor.ts';
import { lineOf } from '../../execution/reads.ts';
import type { Clock } from '../../ports/clock.ts';
import { canonicalEvents } from './canonical-events.ts';
import { type PlayEngine, playPreview, savedSteps } from './play.ts';
import type { SavedPreview } from './saved-preview.ts';

export interface Replayed {
  /** What happened now, canonical. */
  events: JsonObject[];
  /** An answer or a command that the run does not take any more, in words. */
  refused: string | null;
  /** Outputs with which each module completed last, by path. */
  outputs: Map<string, JsonObject>;
}

export interface ReplayParts {
  openEngine: (answerer: Answerer) => PlayEngine;
  clock: Clock;
  /** Ends the replay. */
  signal?: AbortSignal;
}

/**
 * Does what a saved preview says, on an engine that says what was recorded and asks nothing outside. Throws what is
 * wrong with the workflow or the settings.
 */
export async function replaySaved(
  saved: Omit<SavedPreview, 'events' | 'redacted'>,
  loaded: LoadedWorkflow,
  { openEngine, clock, signal }: ReplayParts,
): Promise<Replayed> {
  const { mode, modes, scenario, outcomes } = saved;
  const steps = savedSteps(saved);
  let latest: { engine: PlayEngine; runId: string } | null = null;
  try {
    return await playPreview(
      {
        loaded,
        mode,
        settings: { modes, scenario },
        outcomes,
      },
      {
        openEngine,
        clock,
        signal,
        command: steps.command,
        target: steps.target,
        async answers(request, engine, runId) {
          latest = { engine, runId };
          return steps.answers(request, engine, runId);
        },
      },
      async ({ engine, runId, refused }) => resultOf(engine, runId, refused),
    );
  } catch (error) {
    // A refused answer is a difference like others: the log up to its question says where.
    if (!hasCode(error, 'response_invalid') || latest === null) throw error;
    const { engine, runId } = latest as { engine: PlayEngine; runId: string };
    return resultOf(engine, runId, error.message);
  }
}

async function resultOf({ database, processor }: PlayEngine, runId: string, refused: string | null): Promise<Replayed> {
  return {
    events: await canonicalEvents(database, runId),
    refused,
    outputs: await lastOutputs(processor, await processor.load({ runId })),
  };
}

/** Outputs with which each module of a run's current line completed last, by path. */
export async function lastOutputs(processor: WorkflowProcessor, run: LoadedRun): Promise<Map<string, JsonObject>> {
  const outputs = new Map<string, JsonObject>();
  for await (const event of lineOf(processor, run)) {
    if (event.type !== 'module_completed') continue;
    outputs.set(`${event.step_id ?? ''}/${event.module_name ?? ''}`, event.data.outputs ?? {});
  }
  return outputs;
}
