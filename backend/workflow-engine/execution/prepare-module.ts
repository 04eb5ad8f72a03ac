import type { CompiledModule, CompiledVersion } from '../definition/compile-version.ts';
import { resolveInputs } from '../definition/resolve-inputs.ts';
import { WfmError } from '../errors/index.ts';
import type { Warning } from '../events/run-event.ts';
import type { JsonObject } from '../models/json.ts';
import { limits } from '../models/limits.ts';
import type { ConversationTurn, Module } from '../modules/module.ts';
import { parseInputs } from '../modules/parse-inputs.ts';
import type { LlmProvider } from '../ports/llm-provider.ts';
import { contentHash, digestsOf } from './hash.ts';
import { assertModuleValue } from './large-values.ts';
import { newModeOf, ownModeOf, type RunIdentity } from './workflow-context.ts';

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
  /** Digests of what the module reads besides its inputs, by name. */
  reads: Record<string, string>;
  /** Hashes under which a record of this module holds: its own, and in an opened run's preview that of the run's mode. */
  heldHashes: readonly string[];
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
  const callable = module.kind === 'compute' || module.kind === 'effect' ? module : null;
  const inputs = callable?.settle
    ? (callable.settle(parsed.inputs, { aiConfig: run.aiConfig, config: run.config, llm }) as JsonObject)
    : parsed.inputs;
  assertModuleValue(inputs, `${compiled.place}.inputs`);
  const conversation = 'usesConversation' in module && module.usesConversation ? options.conversation : [];
  const read = module.reads?.(inputs, state);
  const hashed = {
    module: module.id,
    revision: module.revision,
    inputs: conversation.length > 0 ? { ...inputs, conversation } : inputs,
    ...(read ? { reads: read } : {}),
  };
  const [inputHash = '', ...others] = modesInHash(module, run, compiled).map((mode) =>
    contentHash(mode === null ? hashed : { ...hashed, mode }),
  );
  const editedInputs = Object.keys(options.override ?? {});
  return {
    module,
    inputs,
    inputHash,
    reads: digestsOf(read ?? {}, 'state.'),
    heldHashes: [inputHash, ...others],
    editedInputs,
    conversation,
    state,
    now,
    warnings,
  };
}

/**
 * What the hash says of the mode, and what else a record may say that holds. A mode says something about effects alone;
 * what a preview stages or pins, about any module.
 */
function modesInHash({ kind }: Module, run: RunIdentity, compiled: CompiledModule): (string | null)[] {
  const isEffect = kind === 'effect' || kind === 'job';
  const own = ownModeOf(run, compiled);
  const newMode = newModeOf(own);
  if (newMode !== null) return isEffect ? [...new Set([newMode, run.mode])] : [null];
  const isStaged = own !== undefined && own !== 'real' && own !== 'mock';
  return [isStaged || isEffect ? (own ?? run.mode) : null];
}

/** `module_not_registered`, for a module that this engine does not have, or has no more. */
export function notRegistered({ moduleId, place }: CompiledModule): WfmError {
  return new WfmError('module_not_registered', `There is no module "${moduleId}".`, {
    params: { module_id: moduleId },
    place: `${place}.module_id`,
  });
}
