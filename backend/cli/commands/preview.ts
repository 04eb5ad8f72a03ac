import { readFile } from 'node:fs/promises';
import { type Answerer, readPackage } from '@wfm/workflow-engine';
import { type LoadedWorkflow, loadWorkflow } from '@wfm/workflow-engine/definition';
import { WfmError } from '@wfm/workflow-engine/errors';
import {
  modesSchema,
  type Played,
  playPreview,
  type PreviewAnswers,
  type PreviewSettings,
  type RecordedCall,
  recordingPorts,
  redact,
  sampleAnswers,
  scenarioAnswers,
  scenarioSchema,
  secretsOf,
} from '@wfm/workflow-engine/mock';
import { z } from 'zod';
import { clockAt, type Engine, machinePorts, throwAwayEngine } from '../compose.ts';
import { savePreview } from '../preview/save.ts';
import { readAnswers } from '../terminal/answers.ts';
import { askTerminal } from '../terminal/ask.ts';
import { printRefusal, shown } from '../terminal/print.ts';

interface PreviewOptions {
  to?: string;
  real?: boolean;
  ask?: boolean;
  answers?: string;
  with?: string;
  save?: string;
  link?: boolean;
  json?: boolean;
}

/** `wfm preview <path>`: the same engine over a database that is thrown away; prints what each module did. */
export async function preview(path: string, options: PreviewOptions): Promise<void> {
  const { save } = options;
  const mode = options.real ? 'real' : 'mock';
  const settings = options.with === undefined ? {} : await readSettings(options.with);
  const target = options.to === undefined ? undefined : parseTarget(options.to);
  const asWritten = loadWorkflow(await readPackage(path));
  const link = options.link ? path : undefined;
  const isPortable = save !== undefined && link === undefined && mode === 'mock';
  const { loaded, redacted } = isPortable ? withoutSecrets(asWritten) : { loaded: asWritten, redacted: [] };
  // A saved preview is done again at the instant at which it was made; with mocks alone, nothing need be waited for.
  const now = save === undefined ? undefined : new Date().toISOString();
  const clock = clockAt(now, mode === 'real');
  const calls: RecordedCall[] = [];
  // Saved with mocks, a preview shall not depend on the models that this machine happens to have.
  const machine = machinePorts(save !== undefined && mode === 'mock');
  const ports = save === undefined ? machine : recordingPorts(machine, calls);
  const script = { loaded, mode, target, settings } as const;
  const parts = {
    clock,
    openEngine: (answerer: Answerer) => throwAwayEngine({ answerer, clock, ports }),
    answers: await answersOf(options, settings),
    onRefused: printRefusal,
  };
  await playPreview(script, parts, async (played) => {
    const { engine, runId, response } = played;
    const { state } = await engine.processor.load({ runId });
    if (options.json)
      console.log(JSON.stringify({ status: response.status, state: state.flat, error: response.error }, null, 2));
    else await printModules(played);
    if (save !== undefined && now !== undefined) {
      const places = await savePreview(script, played, { file: save, link, now, llm: machine.llm, calls, redacted });
      console.error(`Saved ${save}`);
      for (const place of places) console.error(`  without the secret at ${place}`);
    }
    if (response.status === 'error') process.exitCode = 1;
  });
}

/** With mocks nothing needs a secret, so the definition loses its own before it is executed: the log is then its own. */
function withoutSecrets(loaded: LoadedWorkflow): { loaded: LoadedWorkflow; redacted: string[] } {
  const { value, redacted } = redact(loaded.resolved, 'workflow', secretsOf(process.env));
  return { loaded: redacted.length > 0 ? loadWorkflow({ json: value }) : loaded, redacted };
}

function parseTarget(to: string): { stepId: string; moduleName: string } {
  const cut = to.indexOf('.');
  if (cut < 1) throw new WfmError('request_invalid', `--to takes step.module, not "${to}".`, { place: '--to' });
  return { stepId: to.slice(0, cut), moduleName: to.slice(cut + 1) };
}

const settingsSchema = z.strictObject({ modes: modesSchema.optional(), scenario: scenarioSchema.optional() });

/** Reads modes and a scenario. Throws `request_invalid` for another shape. */
async function readSettings(file: string): Promise<PreviewSettings> {
  const parsed = settingsSchema.safeParse(JSON.parse(await readFile(file, 'utf8')));
  if (parsed.success) return parsed.data;
  const [fault] = parsed.error.issues;
  throw new WfmError('request_invalid', `${file} holds no modes and scenario: ${fault?.message ?? 'wrong shape'}.`, {
    place: fault?.path.join('.') ?? '',
  });
}

/** First what is recorded, then what the scenario says, then the terminal or the smallest valid answers. */
async function answersOf(
  { answers, ask }: PreviewOptions,
  { scenario }: PreviewSettings,
): Promise<PreviewAnswers<Engine>> {
  const recorded = answers === undefined ? null : await readAnswers(answers);
  const staged = scenarioAnswers(scenario);
  const terminal = askTerminal('.');
  return async (request, engine, runId) => {
    const { step_id, module_name } = request.step_context;
    const written = await recorded?.(request);
    if (written) return { answer: written };
    const scripted = staged(`${step_id}/${module_name}`);
    if (scripted) return { answer: scripted, by: 'scenario' };
    if (!ask) return sampleAnswers(request, engine, runId);
    const typed = await terminal(request);
    return typed && { answer: typed };
  };
}

async function printModules({ engine, runId, response }: Played<Engine>): Promise<void> {
  const { runs } = engine.database;
  const row = await runs.find({ runId });
  const events = await runs.readLine({ runId, branchId: row?.current_branch_id ?? '', afterSeq: -1 });
  for (const event of events) {
    if (event.type === 'module_completed') {
      const { origin, outputs, duration_ms: ms } = event.data;
      console.log(`\n${event.step_id}/${event.module_name}  ${origin.kind} (${origin.reason}), ${ms} ms`);
      console.log(shown(outputs, 600));
    } else if (event.type === 'module_error') {
      const { message, code } = event.data.error;
      console.log(`\n${event.step_id}/${event.module_name}  failed: ${message} [${code}]`);
    }
  }
  console.log(`\n${response.message} [${response.status}]`);
}
