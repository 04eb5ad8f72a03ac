import type { Usage } from '../../events/run-event.ts';
import type { JsonObject } from '../../models/json.ts';

const counters = [
  'input_tokens',
  'output_tokens',
  'total_tokens',
  'cached_input_tokens',
  'reasoning_tokens',
  'cost_usd',
  'calls',
] as const;

/** The sum of two usages; what neither knows stays absent. */
export function addUp(a: Usage, b: Usage): Usage {
  const sum: Usage = {};
  for (const counter of counters) {
    if (a[counter] !== undefined || b[counter] !== undefined) sum[counter] = (a[counter] ?? 0) + (b[counter] ?? 0);
  }
  return sum;
}

/** Tokens in, out and in total. */
export function tokenUsage(usage: Usage): JsonObject {
  const input = usage.input_tokens ?? 0;
  const output = usage.output_tokens ?? 0;
  return { input_tokens: input, output_tokens: output, total_tokens: usage.total_tokens ?? input + output };
}

/** The same with cached and reasoning tokens, and the cost in US dollars where it is known. */
export function tokenUsageDetailed(usage: Usage): JsonObject {
  return {
    ...tokenUsage(usage),
    cached_input_tokens: usage.cached_input_tokens ?? 0,
    reasoning_tokens: usage.reasoning_tokens ?? 0,
    ...(usage.cost_usd === undefined ? {} : { cost_usd: usage.cost_usd }),
  };
}
