import type { CompiledModule, CompiledVersion } from '../definition/compile-version.ts';
import { resolveInputs } from '../definition/resolve-inputs.ts';
import { WfmError } from '../errors/index.ts';
import type { Warning } from '../events/run-event.ts';
import type { JsonObject } from '../models/json.ts';
import { limits } from '../models/limits.ts';
import type { ConversationTurn, Module } from '../modules/module.ts';
import { parseInputs } from '../modules/parse-inputs.ts';
import type { LlmProvider } from '../ports/llm-provider.ts';
import { contentHash } from './hash.ts';
import { assertModuleValue } from './large-values.ts';
import type { RunIdentity } from './workflow-context.ts';

/** What a module's inputs depend on. */
export interface PrepareOptions {
  compiled: CompiledModule;
  version: CompiledVersion;
  run: RunIdentity;
  /** Flat state as the module shall see it. */
  state: JsonObject;
  now: Date;
  conversation: readonly ConversationTurn[];
  /** Inputs edited by hand, for one execution (format.md 10.5). */
  override: JsonObject | null;
  /** Names the model that a module without one will get. */
  llm: LlmProvider;
}

/** A module ready to be called, or to be recognised in a record. */
export interface Prepared {
  module: Module;
  inputs: JsonObject;
  inputHash: string;
  /** Names of inputs edited by hand. */
  editedInputs: string[];
  conversation: readonly ConversationTurn[];
  state: JsonObject;
  now: Date;
  warnings: Warning[];
}

/**
 * Resolves a module's inputs against a state and takes their hash (format.md 5, 10.3.1, 10.6). Effects none: the same
 * options give the same result. Throws `module_not_registered`, `input_missing`, `input_invalid`, `value_too_large`, and
 * the faults of templates.
 */
export function prepareModule(options: PrepareOptions): Prepared {
  const { compiled, version, run, state, now, llm } = options;
  const { module } = compiled;
  if (!module) throw notRegistered(compiled);
  const warnings: Warning[] = [];
  const resolved = resolveInputs(compiled, version.format, {
    roots: { state, step: version.findStep(compiled.stepId)?.node ?? {}, config: run.config },
    now,
    timezone: run.timezone,
    onWarning: (warning) => {
      if (warnings.length < limits.warningsPerModule) warnings.push(warning);
    },
  });
  const given = options.override ? { ...resolved, ...options.override } : resolved;
  const parsed = parseInputs(module, given, `${compiled.place}.inputs`, version.format);
  warnings.push(...parsed.warnings);
  const callable = module.kind === 'interactive' ? null : module;
  const inputs = callable?.settle
    ? (callable.settle(parsed.inputs, { aiConfig: run.aiConfig, config: run.config, llm }) as JsonObject)
    : parsed.inputs;
  assertModuleValue(inputs, `${compiled.place}.inputs`);
  const conversation = callable?.usesConversation ? options.conversation : [];
  const inputHash = contentHash({
    module: module.id,
    revision: module.revision,
    inputs: conversation.length > 0 ? { ...inputs, conversation } : inputs,
    ...modeInHash(module, run, compiled.path),
    ...(module.reads ? { reads: module.reads(inputs, state) } : {}),
  });
  const editedInputs = Object.keys(options.override ?? {});
  return { module, inputs, inputHash, editedInputs, conversation, state, now, warnings };
}

/** A mode says something about effects alone; what a preview stages or pins, about any module. */
function modeInHash({ kind }: Module, { mode, modeOf }: RunIdentity, path: string): { mode?: string } {
  const own = modeOf?.(path);
  const isStaged = own !== undefined && own !== 'real' && own !== 'mock';
  return isStaged || kind === 'effect' ? { mode: own ?? mode } : {};
}

/** `module_not_registered`, for a module that this engine does not have, or has no more. */
export function notRegistered({ moduleId, place }: CompiledModule): WfmError {
  return new WfmError('module_not_registered', `There is no module "${moduleId}".`, {
    params: { module_id: moduleId },
    place: `${place}.module_id`,
  });
}
