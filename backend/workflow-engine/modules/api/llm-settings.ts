import type { JsonObject } from '../../models/json.ts';
import { isJsonObject } from '../../models/json.ts';
import type { LlmProvider } from '../../ports/llm-provider.ts';
import type { AiConfig } from '../module.ts';

/** The settings of a call as they stand in inputs. */
export interface LlmSettings {
  provider?: string | undefined;
  model?: string | undefined;
  temperature?: number | undefined;
  max_tokens?: number | undefined;
  reasoning_effort?: string | undefined;
}

type Level = JsonObject | AiConfig | LlmSettings | undefined;

/**
 * The effective settings (format.md 14.2). Provider and model: request > module's `ai_config` > input > workflow's
 * `config.ai_config` > server. The others: input > request > module > workflow. Each setting is looked up by itself.
 */
export function effectiveSettings(
  input: LlmSettings & { ai_config?: JsonObject | undefined },
  environment: { aiConfig: AiConfig; config: Readonly<JsonObject>; llm: LlmProvider },
): LlmSettings {
  const { aiConfig: request, llm } = environment;
  const workflow = isJsonObject(environment.config['ai_config']) ? environment.config['ai_config'] : undefined;
  const module = input.ai_config;
  const naming: Level[] = [request, module, input, workflow];
  const tuning: Level[] = [input, request, module, workflow];
  const provider = firstText(naming, 'provider') ?? llm.defaultProvider;
  const model = firstText(naming, 'model') ?? llm.list().find((known) => known.provider === provider)?.default_model;
  return dropUndefined({
    provider,
    model,
    temperature: firstNumber(tuning, 'temperature'),
    max_tokens: firstNumber(tuning, 'max_tokens'),
    reasoning_effort: firstText(tuning, 'reasoning_effort'),
  });
}

function firstText(levels: Level[], key: keyof LlmSettings): string | undefined {
  return first(levels, key, (value): value is string => typeof value === 'string' && value.trim() !== '');
}

function firstNumber(levels: Level[], key: keyof LlmSettings): number | undefined {
  return first(levels, key, (value): value is number => typeof value === 'number' && Number.isFinite(value));
}

function first<T>(levels: Level[], key: keyof LlmSettings, fits: (value: unknown) => value is T): T | undefined {
  for (const level of levels) {
    const value = level && Object.hasOwn(level, key) ? (level as JsonObject)[key] : undefined;
    if (fits(value)) return value;
  }
  return undefined;
}

function dropUndefined<T extends object>(settings: T): T {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as T;
}
