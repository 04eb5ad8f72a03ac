import * as mingoExpressions from 'mingo/operators/expression';
import { readDate, toDate } from './pipeline-dates.ts';
import {
  evaluate,
  evaluateList,
  evaluateNamed,
  isMissing,
  type Operator,
  type OperatorSet,
  textFor,
} from './pipeline-evaluate.ts';
import { isDocument } from './pipeline-values.ts';

const parts =
  '$dateToParts $dayOfMonth $dayOfWeek $dayOfYear $hour $isoDayOfWeek $isoWeek $isoWeekYear $millisecond $minute $month $second $week $year'.split(
    ' ',
  );
const spans = ['$dateAdd', '$dateDiff', '$dateSubtract', '$dateTrunc'];
/** `$dateToString` replaces one part of its format after another, so a format may not be long. */
const longestFormat = 200;

/** Date operators: a missing date gives null as in MongoDB, where mingo throws; texts are read in one way on every host. */
export const dateOperators: OperatorSet = () => {
  const original = (name: string): Operator =>
    (mingoExpressions as unknown as Record<string, Operator>)[name] as Operator;
  const unlessMissing =
    (operator: Operator, names: string[]): Operator =>
    (document, argument, options) => {
      const value = evaluate(document, argument, options);
      const dates = isDocument(value)
        ? names.filter((name) => Object.hasOwn(argument as object, name)).map((name) => value[name])
        : [value];
      return dates.some(isMissing) ? null : operator(document, argument, options);
    };
  const wrapped = [
    ...parts.map((name): [string, Operator] => [name, unlessMissing(original(name), ['date'])]),
    ...spans.map((name): [string, Operator] => [name, unlessMissing(original(name), ['date', 'startDate', 'endDate'])]),
  ];

  return {
    ...Object.fromEntries(wrapped),
    $dateToString(document, argument, options) {
      const { date, format, timezone, onNull = null } = evaluateNamed(document, argument, options);
      if (isMissing(date)) return onNull;
      if (!(date instanceof Date)) throw new Error('$dateToString needs a date; a text becomes one by $toDate');
      if (typeof format === 'string' && format.length > longestFormat) throw new Error('the format is too long');
      // mingo evaluates these once more; as literals they stay what they are.
      const literals = {
        date,
        ...(isMissing(format) ? {} : { format: { $literal: format } }),
        ...(isMissing(timezone) ? {} : { timezone: { $literal: timezone } }),
      };
      return original('$dateToString')(document, literals, options);
    },
    $toDate(document, argument, options) {
      const [value] = evaluateList(document, argument, options);
      return isMissing(value) ? null : toDate(value);
    },
    $dateFromString(document, argument, options) {
      const { dateString, format, timezone, onError, onNull = null } = evaluateNamed(document, argument, options);
      if (isMissing(dateString)) return onNull;
      const zone = isMissing(timezone) ? undefined : textFor(timezone, 'timezone');
      const date =
        typeof dateString === 'string'
          ? readDate(dateString, isMissing(format) ? undefined : textFor(format, 'format'), zone)
          : undefined;
      if (date) return date;
      if (isDocument(argument) && Object.hasOwn(argument, 'onError')) return onError;
      throw new Error('the text is no date of that form');
    },
  };
};
