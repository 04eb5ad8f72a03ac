import type { JsonObject } from '@wfm/workflow-engine/models';
import type { MediaEstimate } from '@wfm/workflow-engine/ports';
import type { MediaEntry, PriceRule } from './entry.ts';

type Output = NonNullable<MediaEstimate['output']>;

/** A picture whose size nobody says. */
const usualPixels = 1024 * 1024;

/**
 * What an order will cost by the table. In: checked parameters. Grows with count, seconds and pixels. Without a price
 * the basis is `unknown`, never 0 (format.md 15.1).
 */
export function estimateByTable(entry: MediaEntry, prompt: string, params: JsonObject, asOf: string): MediaEstimate {
  const output = outputOf(entry, params);
  const { price } = entry;
  if (price === undefined) {
    return { cost: null, basis: 'unknown', output, notes: [`No price of ${entry.label} is known.`] };
  }
  const usd = price.usd * quantityOf(price, output, prompt) * factorOf(price, params);
  const notes = price.note === undefined ? [] : [price.note];
  return { cost: { amount: usd.toFixed(4), unit: 'USD' }, basis: 'table', as_of: asOf, output, notes };
}

/** How much will come out, as far as the parameters tell. */
function outputOf(entry: MediaEntry, params: JsonObject): Output {
  const seconds = Number(params['duration']);
  const [width, height] = sizeOf(entry, params);
  const made = entry.action !== 'transcribe';
  return {
    ...(made ? { count: typeof params['num_images'] === 'number' ? params['num_images'] : 1 } : {}),
    ...(width === undefined || height === undefined ? {} : { width, height }),
    ...(Number.isFinite(seconds) ? { seconds } : {}),
  };
}

function sizeOf(entry: MediaEntry, params: JsonObject): [number?, number?] {
  const { width, height, size, aspect_ratio } = params;
  if (typeof width === 'number' && typeof height === 'number') return [width, height];
  const ratio = typeof aspect_ratio === 'string' ? aspect_ratio : '';
  const text = typeof size === 'string' ? size : Object.hasOwn(entry.sizes ?? {}, ratio) ? entry.sizes?.[ratio] : '';
  const match = /^(\d{2,5})x(\d{2,5})$/.exec(text ?? '');
  return match ? [Number(match[1]), Number(match[2])] : [];
}

function quantityOf(price: PriceRule, output: Output, prompt: string): number {
  const count = output.count ?? 1;
  const pixels = (output.width ?? 0) * (output.height ?? 0) || usualPixels;
  switch (price.unit) {
    case 'image':
      return count * (price.pixels === undefined ? 1 : Math.max(1, pixels / price.pixels));
    case 'megapixel':
      return count * Math.ceil(pixels / 1_000_000);
    case 'second':
      return count * (output.seconds ?? 1);
    case 'character':
      return [...prompt].length;
  }
}

function factorOf(price: PriceRule, params: JsonObject): number {
  return (price.times ?? []).reduce((product, { param, by }) => {
    const value = String(params[param]);
    return product * (Object.hasOwn(by, value) ? by[value]! : 1);
  }, 1);
}
