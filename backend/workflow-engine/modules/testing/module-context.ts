import type { Warning } from '../../events/run-event.ts';
import type { ErrorCode } from '../../errors/index.ts';
import type { InteractionAnswer, InteractionDraft } from '../../models/interaction.ts';
import type { JsonObject } from '../../models/json.ts';
import { parseInputs, parseOutputs } from '../parse-inputs.ts';
import type { Intake, InteractiveModule, Module, ModuleContext, ModulePorts, PortName, Question } from '../module.ts';

type Call = Parameters<ModuleContext['recordCall']>[0];
type Progress = Parameters<ModuleContext['progress']>[0];

/** What a module told its context while it ran. */
export interface Told {
  warnings: Warning[];
  calls: Call[];
  usage: Parameters<ModuleContext['addUsage']>[0][];
  progress: Progress[];
}

/** A context for one module under test, with everything it tells kept beside it. */
export function moduleContext(
  overrides: Partial<Omit<ModuleContext<PortName>, 'ports'>> & { ports?: Partial<ModulePorts> } = {},
): {
  context: ModuleContext<PortName>;
  told: Told;
} {
  const told: Told = { warnings: [], calls: [], usage: [], progress: [] };
  const { ports, ...rest } = overrides;
  const context: ModuleContext<PortName> = {
    state: {},
    stepId: 'step',
    stepName: '1. Step',
    moduleName: 'module',
    moduleIndex: 0,
    workflowRunId: 'run-1',
    rootRunId: 'run-1',
    branchId: 'branch-1',
    branchIds: ['branch-1'],
    templateId: 'template-1',
    userId: 'user-1',
    config: {},
    mode: 'real',
    seed: 'seed-1',
    now: new Date('2026-03-01T12:00:00Z'),
    timezone: 'UTC',
    attempt: 1,
    idempotencyKey: 'key-1',
    conversation: [],
    subActions: [],
    aiConfig: {},
    signal: new AbortController().signal,
    ports: (ports ?? {}) as ModulePorts,
    warn: (code: ErrorCode, message: string, params: JsonObject = {}, place?: string) => {
      told.warnings.push({ code, message, params, ...(place === undefined ? {} : { place }) });
    },
    progress: (update) => void told.progress.push(update),
    recordCall: (call) => void told.calls.push(call),
    addUsage: (usage) => void told.usage.push(usage),
    ...rest,
  };
  return { context, told };
}

export type TestContext = ReturnType<typeof moduleContext>;

/** Parses inputs, runs the module, checks its outputs: what the engine does with a module that asks nobody. */
export async function runModule(
  module: Module,
  inputs: JsonObject,
  test: TestContext = moduleContext(),
): Promise<JsonObject> {
  if (module.kind === 'interactive' || module.kind === 'job') throw new TypeError(`${module.id} waits for somebody`);
  let parsed = parseInputs(module, inputs, 'steps[0].modules[0].inputs').inputs;
  const { aiConfig, config, ports } = test.context;
  if (module.settle) parsed = module.settle(parsed, { aiConfig, config, llm: ports.llm });
  return parseOutputs(module, await module.run(parsed, test.context));
}

export interface Asked {
  inputs: JsonObject;
  draft: InteractionDraft;
  question: Question;
  intake(answer: InteractionAnswer): Promise<Intake>;
  /** Takes the answer in and completes the module, failures or not. */
  complete(answer: InteractionAnswer): Promise<JsonObject>;
  sample(): InteractionAnswer;
}

/** Asks an interactive module's question and offers to answer it. */
export async function askModule(
  module: Module,
  given: JsonObject,
  test: TestContext = moduleContext(),
): Promise<Asked> {
  if (module.kind !== 'interactive') throw new TypeError(`${module.id} asks nobody`);
  const interactive: InteractiveModule = module;
  const { inputs } = parseInputs(module, given, 'steps[0].modules[0].inputs');
  const asked = await interactive.request(inputs, test.context);
  if ('outputs' in asked) throw new TypeError(`${module.id} had nothing to ask`);
  const request = {
    interaction_id: 'interaction-1',
    step_context: { step_id: 'step', step_name: '1. Step', module_name: 'module', module_index: 0 },
    rules: { validations: [] },
    extra_options: [],
    context: {},
    ...asked.draft,
  } as Question['request'];
  const question: Question = { request, prepared: undefined };
  const intake = async (answer: InteractionAnswer) => interactive.intake(answer, question, test.context);
  return {
    inputs,
    draft: asked.draft,
    question,
    intake,
    complete: async (answer) =>
      parseOutputs(module, await interactive.complete((await intake(answer)).response, inputs, question, test.context)),
    sample: () => interactive.sample(question),
  };
}
