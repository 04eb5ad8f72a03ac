import { randomUUID } from 'node:crypto';
import { assertSound, readPackage } from '@wfm/workflow-engine';
import { loadWorkflow, validateWorkflow } from '@wfm/workflow-engine/definition';
import { WfmError } from '@wfm/workflow-engine/errors';
import { createMockAnswerer } from '@wfm/workflow-engine/mock';
import { type Engine, LOCAL_USER, throwAwayEngine } from '../compose.ts';
import { type AnswerSource, firstOf, readAnswers } from '../terminal/answers.ts';
import { askTerminal } from '../terminal/ask.ts';
import { converse } from '../terminal/converse.ts';
import { shown } from '../terminal/print.ts';

interface PreviewOptions {
  to?: string;
  real?: boolean;
  ask?: boolean;
  answers?: string;
  json?: boolean;
}

/** `wfm preview <path>`: the same engine over a database that is thrown away; prints what each module did. */
export async function preview(path: string, options: PreviewOptions): Promise<void> {
  const engine = throwAwayEngine(createMockAnswerer());
  try {
    const { processor, registry, database } = engine;
    const loaded = loadWorkflow(await readPackage(path));
    assertSound(validateWorkflow(loaded.resolved, registry));
    await database.definitions.keepDefinition({ versionId: loaded.versionId, definition: loaded.resolved });
    const target = options.to === undefined ? undefined : parseTarget(options.to);
    const caller = {
      userId: LOCAL_USER,
      sessionId: randomUUID(),
      waitMs: Number.POSITIVE_INFINITY,
      ...(target ? { target } : {}),
    };
    const started = await processor.start({
      ...caller,
      projectName: 'preview',
      versionId: loaded.versionId,
      templateId: null,
      templateName: loaded.versionId,
      mode: options.real ? 'real' : 'mock',
    });
    const runId = started.workflow_run_id ?? '';
    const recorded = options.answers === undefined ? [] : [await readAnswers(options.answers)];
    const last = options.ask ? askTerminal('.') : sampleAnswers(engine, runId);
    const response = await converse(
      started,
      (interactionId, answer) => processor.respond({ ...caller, runId, interactionId, answer }),
      firstOf(...recorded, last),
    );
    const { state } = await processor.load({ runId });
    if (options.json)
      console.log(JSON.stringify({ status: response.status, state: state.flat, error: response.error }, null, 2));
    else await printModules(engine, runId, `${response.message} [${response.status}]`);
    if (response.status === 'error') process.exitCode = 1;
  } finally {
    await engine.close();
  }
}

function parseTarget(to: string): { stepId: string; moduleName: string } {
  const cut = to.indexOf('.');
  if (cut < 1) throw new WfmError('request_invalid', `--to takes step.module, not "${to}".`, { place: '--to' });
  return { stepId: to.slice(0, cut), moduleName: to.slice(cut + 1) };
}

/** The smallest valid answer to each question (format.md 11.5). */
function sampleAnswers({ processor }: Engine, runId: string): AnswerSource {
  return async (request) => {
    const { state, version } = await processor.load({ runId });
    const { step_id, module_name } = request.step_context;
    const module = version.find(step_id, module_name)?.module;
    return module?.kind === 'interactive' ? module.sample({ request, prepared: state.open?.prepared }) : null;
  };
}

async function printModules({ database }: Engine, runId: string, message: string): Promise<void> {
  const row = await database.runs.find({ runId });
  const events = await database.runs.readLine({ runId, branchId: row?.current_branch_id ?? '', afterSeq: -1 });
  for (const event of events) {
    if (event.type === 'module_completed') {
      const { origin, outputs, duration_ms: ms } = event.data;
      console.log(`\n${event.step_id}/${event.module_name}  ${origin.kind} (${origin.reason}), ${ms} ms`);
      console.log(shown(outputs, 600));
    } else if (event.type === 'module_error') {
      console.log(
        `\n${event.step_id}/${event.module_name}  failed: ${event.data.error.message} [${event.data.error.code}]`,
      );
    }
  }
  console.log(`\n${message}`);
}
