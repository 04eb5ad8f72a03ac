import type { Draw } from './draw.ts';
import { isNumber, largest, smallest, valuesOf } from './gather.ts';
import { decimalOf, type JsonObject } from './json-values.ts';

type Step = { digits: bigint; exponent: number };

/** A number within every bound and on every step; undefined when there is none. Without bounds, from 1 to 100. */
export function sampleNumber(sources: readonly JsonObject[], whole: boolean, draw: Draw): number | undefined {
  const step = commonStep([...valuesOf(sources, 'multipleOf', isNumber), ...(whole ? [1] : [])]);
  const size = step ? toNumber(step, 1n) : 0;
  const { low, high } = range(sources, size);
  if (low > high) return undefined;
  if (!step) return decimal(sources, low, high, draw);
  const first = firstStep(sources, low, size);
  const last = lastStep(sources, high, size);
  if (!(first <= last)) return undefined;
  const steps = draw.int(0, Math.min(last - first, Number.MAX_SAFE_INTEGER));
  return toNumber(step, BigInt(first + steps));
}

function range(sources: readonly JsonObject[], size: number): { low: number; high: number } {
  const low = bound(largest(sources, 'minimum'), largest(sources, 'exclusiveMinimum'), Math.max);
  const high = bound(smallest(sources, 'maximum'), smallest(sources, 'exclusiveMaximum'), Math.min);
  const span = Math.max(100, size * 10, Math.abs(low ?? high ?? 0));
  if (low !== undefined) return { low, high: high ?? low + span };
  // A positive number where a step leaves room for one, else as far down as it takes.
  if (high !== undefined)
    return { low: high > 0 && high > size ? Math.min(1, size || 1, Math.abs(high) / 2) : high - span, high };
  return { low: Math.min(1, size || 1), high: span };
}

function bound(
  a: number | undefined,
  b: number | undefined,
  strictest: (a: number, b: number) => number,
): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : strictest(a, b);
}

function firstStep(sources: readonly JsonObject[], low: number, size: number): number {
  const excluded = largest(sources, 'exclusiveMinimum');
  const step = Math.ceil(low / size);
  return excluded !== undefined && step * size <= excluded ? step + 1 : step;
}

function lastStep(sources: readonly JsonObject[], high: number, size: number): number {
  const excluded = smallest(sources, 'exclusiveMaximum');
  const step = Math.floor(high / size);
  return excluded !== undefined && step * size >= excluded ? step - 1 : step;
}

/** A decimal with as few digits as the width of the range lets it have. */
function decimal(sources: readonly JsonObject[], low: number, high: number, draw: Draw): number {
  const value = low + (high - low) * draw.fraction();
  const width = high - low;
  const digits = width >= 10 ? 1 : Math.min(15, 2 + Math.max(0, Math.ceil(-Math.log10(width || 1))));
  const rounded = Number(value.toFixed(digits));
  const inside =
    rounded >= low &&
    rounded <= high &&
    rounded !== largest(sources, 'exclusiveMinimum') &&
    rounded !== smallest(sources, 'exclusiveMaximum');
  const chosen = inside ? rounded : value;
  return chosen === 0 ? 0 : chosen;
}

/** The smallest step that is a multiple of all the given ones; exact, on decimal digits. */
function commonStep(steps: readonly number[]): Step | undefined {
  let common: Step | undefined;
  for (const value of steps) {
    const [digits, exponent] = decimalOf(value);
    if (!common) common = { digits, exponent };
    else {
      const least = Math.min(exponent, common.exponent);
      const a = digits * 10n ** BigInt(exponent - least);
      const b = common.digits * 10n ** BigInt(common.exponent - least);
      common = { digits: (a / greatestDivisor(a, b)) * b, exponent: least };
    }
  }
  return common;
}

function greatestDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : greatestDivisor(b, a % b);
}

function toNumber(step: Step, times: bigint): number {
  return Number(`${step.digits * times}e${step.exponent}`);
}
