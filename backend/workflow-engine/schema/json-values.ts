export type JsonObject = Record<string, unknown>;
export type JsonKind = 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object' | 'other';

/** True for a plain JSON object: neither null nor an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads a property that the object holds itself; what it inherits does not exist for us (security.md S5). */
export function own(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Sets a property of its own, also one called `__proto__`. */
export function setOwn(object: JsonObject, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
}

/** The JSON type of a value; numbers that JSON cannot write, functions and so on are `other`. */
export function jsonKind(value: unknown): JsonKind {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  switch (typeof value) {
    case 'object':
    case 'boolean':
    case 'string':
      return typeof value as JsonKind;
    case 'number':
      return Number.isFinite(value) ? 'number' : 'other';
    default:
      return 'other';
  }
}

/** JSON text with sorted keys: equal values give equal texts, whatever the order of their keys. */
export function sortedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(',')}]`;
  if (isJsonObject(value)) {
    const members = Object.keys(value)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${sortedJson(value[key])}`);
    return `{${members.join(',')}}`;
  }
  // 0 and -0 are the same number in JSON Schema.
  return JSON.stringify(value === 0 ? 0 : value) ?? 'null';
}

/** Length of a text in Unicode code points, which is what JSON Schema counts. */
export function codePointLength(text: string): number {
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    const next = text.charCodeAt(i + 1);
    if (unit >= 0xd800 && unit <= 0xdbff && next >= 0xdc00 && next <= 0xdfff) i++;
    length++;
  }
  return length;
}

/** Is `value` a whole multiple of `divisor` (> 0)? Decided on the decimal digits, so 0.3 is a multiple of 0.1. */
export function isMultipleOf(value: number, divisor: number): boolean {
  if (Number.isSafeInteger(value) && Number.isSafeInteger(divisor)) return value % divisor === 0;
  const [digits, exponent] = decimalOf(value);
  const [stepDigits, stepExponent] = decimalOf(divisor);
  const shift = exponent - stepExponent;
  return shift >= 0
    ? (digits * 10n ** BigInt(shift)) % stepDigits === 0n
    : digits % (stepDigits * 10n ** BigInt(-shift)) === 0n;
}

/** `[digits, exponent]` with |value| = digits · 10^exponent. */
export function decimalOf(value: number): [bigint, number] {
  const [mantissa = '0', exponent = '0'] = Math.abs(value).toString().split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  return [BigInt(whole + fraction), Number(exponent) - fraction.length];
}
