import { randomUUID } from 'node:crypto';
import { prepareStart, readPackage, startableVersion } from '@wfm/workflow-engine';
import { loadWorkflow } from '@wfm/workflow-engine/definition';
import { WfmError } from '@wfm/workflow-engine/errors';
import { type AnswerSource, converse } from '@wfm/workflow-engine/mock';
import type { WorkflowResponse } from '@wfm/workflow-engine/models';
import { type Engine, LOCAL_USER, storedEngine } from '../compose.ts';
import { firstOf, readAnswers } from '../terminal/answers.ts';
import { askTerminal, Interrupted, saveFile } from '../terminal/ask.ts';
import { backgroundTasks } from '../terminal/background-tasks.ts';
import { printError, printRefusal, shown } from '../terminal/print.ts';

interface RunOptions {
  project: string;
  new?: boolean;
  answers?: string;
  out: string;
  data: string;
}

/** `wfm run <path>`: a stored run, asked and answered in the terminal. Exit code 1 when it fails. */
export async function run(path: string, options: RunOptions): Promise<void> {
  const engine = await storedEngine(options.data);
  try {
    await carryOut(engine, path, options);
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    console.log(`\nStopped. The same command goes on where you left.`);
  } finally {
    await engine.close();
  }
}

async function carryOut(engine: Engine, path: string, options: RunOptions): Promise<void> {
  const { processor, registry, database } = engine;
  const loaded = loadWorkflow(await readPackage(path));
  // At a terminal the file on disk is what the person means: a changed definition simply becomes the next version.
  const prepared = await prepareStart(database.definitions, registry, { ownerId: LOCAL_USER, loaded, confirm: true });
  if (prepared.kind !== 'ready') throw new WfmError('conflict', 'The workflow changed while it was started.');
  const caller = { userId: LOCAL_USER, sessionId: randomUUID(), waitMs: Number.POSITIVE_INFINITY };
  let response = await processor.start({
    ...caller,
    projectName: options.project,
    versionId: await startableVersion(database.definitions, registry, {
      templateId: prepared.template.template_id,
      versionId: prepared.versionId,
    }),
    templateId: prepared.template.template_id,
    templateName: prepared.template.name,
    mode: 'real',
    forceNew: options.new ?? false,
  });
  const runId = response.workflow_run_id ?? '';
  const progress = showProgress(engine, runId);
  const background = backgroundTasks(engine, options.data, (message) => progress.say(message));
  try {
    response = await background.after(response);
    if (response.status === 'error') response = await background.after(await processor.resume({ ...caller, runId }));
    const recorded = options.answers === undefined ? [] : [await readAnswers(options.answers)];
    response = await converse(
      response,
      async (interactionId, answer) =>
        background.after(await processor.respond({ ...caller, runId, interactionId, answer })),
      withDownloads(firstOf(...recorded, progress.thenAsk(askTerminal(options.out))), options.out),
      printRefusal,
    );
  } finally {
    progress.stop();
    await background.stop();
  }
  report(response, (await database.runs.find({ runId }))?.status_fields ?? []);
}

/** A recorded answer says that a file was saved; then it is saved. */
function withDownloads(source: AnswerSource, out: string): AnswerSource {
  return async (request) => {
    const answer = await source(request);
    if (request.interaction_type !== 'file_download' || answer?.file_written !== true || answer.file_path != null)
      return answer;
    return { ...answer, ...(await saveFile(request, out)) };
  };
}

interface ShownProgress {
  stop(): void;
  /** A line of its own. */
  say(message: string): void;
  /** A source whose questions begin on a line of their own. */
  thenAsk(source: AnswerSource): AnswerSource;
}

function showProgress({ processor }: Engine, runId: string): ShownProgress {
  let midLine = false;
  const endLine = () => {
    if (midLine) console.log();
    midLine = false;
  };
  const stop = processor.progress.subscribe(runId, (update) => {
    if (update.delta !== undefined && process.stdout.isTTY) {
      process.stdout.write(update.delta);
      midLine = true;
    } else if (update.message !== undefined) {
      endLine();
      console.log(`  ${update.module_name}: ${update.message}`);
    }
  });
  return {
    stop() {
      endLine();
      stop();
    },
    say(message) {
      endLine();
      console.log(`  ${message}`);
    },
    thenAsk: (source) => (request) => {
      endLine();
      return source(request);
    },
  };
}

/** How the run stands, by its `status_display` where it has one. */
function report(response: WorkflowResponse, fields: readonly { label: string; value: string }[]): void {
  const { completed_steps: done, total_steps: total } = response.progress;
  console.log(`\n${response.message} (${done.length} of ${total} steps, ${response.last_seq + 1} events)`);
  for (const { label, value } of fields) console.log(`  ${label}: ${value}`);
  if (response.status === 'completed' && fields.length === 0) console.log(shown(response.result, 8000));
  if (response.status === 'error' && response.error) {
    printError(
      new WfmError(response.error.code as 'module_failed', response.error.message, {
        place: response.error.place ?? '',
      }),
    );
    process.exitCode = 1;
  }
}
