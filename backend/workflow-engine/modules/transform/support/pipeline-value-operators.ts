import { percentile } from './pipeline-accumulators.ts';
import { toDate } from './pipeline-dates.ts';
import {
  evaluate,
  evaluateList,
  evaluateNamed,
  isMissing,
  listFor,
  type Operator,
  type OperatorSet,
  textFor,
} from './pipeline-evaluate.ts';
import { forbiddenNames } from './pipeline-names.ts';
import { type Document, isDocument } from './pipeline-values.ts';

/** Operators on single values where mingo reads inherited properties, evaluates data, or depends on the host. */
export const valueOperators: OperatorSet = () => {
  const setField: Operator = (document, argument, options) => {
    const { input, field, value } = evaluateNamed(document, argument, options);
    if (isMissing(input)) return null;
    if (!isDocument(input)) throw new Error('$setField needs an object');
    const name = fieldName(field);
    const result: Document = { ...input };
    if (value === undefined) delete result[name];
    else result[name] = value;
    return result;
  };
  const rounding =
    (round: (value: number) => number): Operator =>
    (document, argument, options) => {
      const [value, digits = 0] = evaluateList(document, argument, options);
      if (isMissing(value) || isMissing(digits)) return null;
      if (typeof value !== 'number' || !Number.isInteger(digits) || Math.abs(digits as number) > 100)
        throw new Error('$round and $trunc need a number and whole digits');
      return shift(round(shift(value, digits as number)), -(digits as number));
    };

  return {
    $getField(document, argument, options) {
      const named = isDocument(argument) && Object.hasOwn(argument, 'field');
      const { field, input = document } = named
        ? evaluateNamed(document, argument, options)
        : { field: evaluate(document, argument, options) };
      const name = fieldName(field);
      return isDocument(input) && Object.hasOwn(input, name) ? input[name] : undefined;
    },
    $setField: setField,
    $unsetField: (document, argument, options) =>
      setField(document, { ...(argument as Document), value: '$$REMOVE' }, options),
    $convert(document, argument, options) {
      const { input, to, onError, onNull = null } = evaluateNamed(document, argument, options);
      if (isMissing(input)) return onNull;
      try {
        return convert(input, isDocument(to) ? to['type'] : to);
      } catch (thrown) {
        if (isDocument(argument) && Object.hasOwn(argument, 'onError')) return onError;
        throw thrown;
      }
    },
    $round: rounding(halfToEven),
    $trunc: rounding(Math.trunc),
    $percentile(document, argument, options) {
      const { input, p } = evaluateNamed(document, argument, options);
      return percentile(isMissing(input) ? [] : [input].flat(), listFor(p, 'p'));
    },
    $median(document, argument, options) {
      const { input } = evaluateNamed(document, argument, options);
      return percentile(isMissing(input) ? [] : [input].flat(), [0.5])[0];
    },
  };
};

function fieldName(field: unknown): string {
  const name = textFor(field, 'field');
  if (forbiddenNames.has(name)) throw new Error(`a field may not be called "${name}"`);
  return name;
}

function convert(input: unknown, to: unknown): unknown {
  switch (to) {
    case 2:
    case 'string':
      if (input instanceof Date) return input.toISOString();
      if (typeof input === 'object') throw new Error('$convert cannot make a text of a list or an object');
      return typeof input === 'string' ? input : JSON.stringify(input);
    case 8:
    case 'bool':
    case 'boolean':
      return typeof input === 'string' || Boolean(input);
    case 9:
    case 'date':
      return toDate(input);
    case 1:
    case 19:
    case 'double':
    case 'decimal':
    case 'number':
      return toNumber(input);
    case 16:
    case 18:
    case 'int':
    case 'long':
      return toInteger(input, to === 16 || to === 'int' ? 2 ** 31 : Number.MAX_SAFE_INTEGER);
    default:
      throw new Error('$convert needs a known type in "to"');
  }
}

function toNumber(value: unknown): number {
  if (value instanceof Date) return value.getTime();
  const number =
    typeof value === 'string' && value.trim() === ''
      ? Number.NaN
      : Number(typeof value === 'object' ? Number.NaN : value);
  if (Number.isNaN(number)) throw new Error('the value is no number');
  return number;
}

function toInteger(value: unknown, limit: number): number {
  const number = toNumber(value);
  if (Math.abs(number) > limit || (typeof value === 'string' && !Number.isInteger(number)))
    throw new Error('the value is no whole number');
  return Math.trunc(number);
}

/** Moves the decimal point on the digits, so that no binary rounding comes in. */
function shift(value: number, digits: number): number {
  const [mantissa = '0', exponent = '0'] = String(value).split('e');
  return Number(`${mantissa}e${Number(exponent) + digits}`);
}

function halfToEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
