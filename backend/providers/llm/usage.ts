import { calcPrice, findProvider } from '@pydantic/genai-prices';
import type { LanguageModelUsage } from 'ai';
import type { Usage } from '@wfm/workflow-engine/events';

/** Whose price list holds: a vendor by name, or whoever answers at an address. */
export type PriceList = { vendor: string } | { baseUrl: string };

/**
 * Our usage record of one call. Token counts that the vendor did not give are absent; so is the cost when the model
 * is not on the price list that ships with `@pydantic/genai-prices`. Costs are US dollars and an estimate.
 */
export function toUsage(counted: LanguageModelUsage | undefined, model: string, prices: PriceList): Usage {
  const usage: Usage = { calls: 1 };
  if (counted === undefined) return usage;
  put(usage, 'input_tokens', counted.inputTokens);
  put(usage, 'output_tokens', counted.outputTokens);
  put(usage, 'total_tokens', counted.totalTokens);
  put(usage, 'cached_input_tokens', counted.inputTokenDetails.cacheReadTokens);
  put(usage, 'reasoning_tokens', counted.outputTokenDetails.reasoningTokens);
  put(usage, 'cost_usd', costOf(counted, model, prices));
  return usage;
}

type Count = Exclude<keyof Usage, 'calls'>;

function put(usage: Usage, key: Count, value: number | undefined): void {
  if (value !== undefined && Number.isFinite(value)) usage[key] = value;
}

function costOf(counted: LanguageModelUsage, model: string, prices: PriceList): number | undefined {
  const { inputTokens, outputTokens, inputTokenDetails } = counted;
  if (inputTokens === undefined || outputTokens === undefined) return undefined;
  const providerId = 'vendor' in prices ? prices.vendor : findProvider({ providerApiUrl: prices.baseUrl })?.id;
  // Without a provider the library would guess one from the model's name, and bill a local model as a hosted one.
  if (providerId === undefined) return undefined;
  try {
    const price = calcPrice(
      {
        input_tokens: inputTokens,
        output_tokens: outputTokens,
        cache_read_tokens: inputTokenDetails.cacheReadTokens ?? 0,
        cache_write_tokens: inputTokenDetails.cacheWriteTokens ?? 0,
      },
      model,
      { providerId },
    );
    return price !== null && isSameModel(model, price.model.id) ? price.total_price : undefined;
  } catch {
    // Counts that contradict each other have no price.
    return undefined;
  }
}

/** The list matches by beginnings, so `x-5-5` would cost what `x-5` does; only a date or "latest" may follow a name. */
function isSameModel(asked: string, listed: string): boolean {
  if (!asked.startsWith(listed)) return true;
  return /^(?:[-@.:](?:latest|\d{4}-\d{2}-\d{2}|\d{8}))?$/.test(asked.slice(listed.length));
}
