import {
  evaluate,
  evaluateList,
  integerFor,
  isMissing,
  listFor,
  type Operators,
  type OperatorSet,
} from './pipeline-evaluate.ts';
import { sortValues } from './pipeline-sort.ts';
import { compareValues, isDocument, keyOf } from './pipeline-values.ts';

type Options = Parameters<typeof evaluate>[2];

/**
 * Accumulators that mingo has in quadratic time or wrong (`$percentile` sorts numbers as texts). Called with the
 * documents of a group, or in an expression with the items of a list and no argument.
 */
export const accumulators: OperatorSet = (meter): Operators => {
  const each = (documents: unknown, argument: unknown, options: Options): unknown[] => {
    const list = listFor(documents, 'an accumulator');
    meter.spend(list.length);
    return argument === null ? list : list.map((document) => evaluate(document, argument, options) ?? null);
  };
  const named = (argument: unknown): Record<string, unknown> => {
    if (!isDocument(argument)) throw new Error('named arguments are expected');
    return argument;
  };
  const countOf = (argument: unknown, options: Options): number => {
    const count = integerFor(evaluate({}, named(argument)['n'], options), 'n');
    if (count < 1) throw new Error('n must be at least 1');
    return count;
  };
  const present = (values: unknown[]): unknown[] => values.filter((value) => !isMissing(value));
  const extreme = (values: unknown[], sign: 1 | -1): unknown =>
    present(values).reduce<unknown>(
      (best, value) => (best === null || sign * compareValues(value, best) < 0 ? value : best),
      null,
    );
  const extremes =
    (sign: 1 | -1): Operators[string] =>
    (documents, argument, options) =>
      present(each(documents, named(argument)['input'], options))
        .sort((a, b) => sign * compareValues(a, b))
        .slice(0, countOf(argument, options));
  const ordered = (documents: unknown, argument: unknown): unknown[] => {
    const { sortBy } = named(argument);
    if (!isDocument(sortBy)) throw new Error('sortBy is an object of fields');
    return sortValues(listFor(documents, 'an accumulator'), sortBy);
  };

  return {
    $max: (documents, argument, options) => extreme(each(documents, argument, options), -1),
    $min: (documents, argument, options) => extreme(each(documents, argument, options), 1),
    $maxN: extremes(-1),
    $minN: extremes(1),
    $top: (documents, argument, options) =>
      each(ordered(documents, argument).slice(0, 1), named(argument)['output'], options)[0],
    $topN: (documents, argument, options) =>
      each(ordered(documents, argument).slice(0, countOf(argument, options)), named(argument)['output'], options),
    $bottom: (documents, argument, options) =>
      each(ordered(documents, argument).slice(-1), named(argument)['output'], options)[0],
    $bottomN: (documents, argument, options) =>
      each(ordered(documents, argument).slice(-countOf(argument, options)), named(argument)['output'], options),
    $firstN: (documents, argument, options) =>
      each(listFor(documents, '$firstN').slice(0, countOf(argument, options)), named(argument)['input'], options),
    $lastN: (documents, argument, options) =>
      each(listFor(documents, '$lastN').slice(-countOf(argument, options)), named(argument)['input'], options),
    $addToSet: (documents, argument, options) => [
      ...new Map(each(documents, argument, options).map((value) => [keyOf(value), value])).values(),
    ],
    $mergeObjects: (documents, argument, options) =>
      Object.assign({}, ...each(documents, argument, options).filter(isDocument)) as unknown,
    $percentile: (documents, argument, options) =>
      percentile(
        each(documents, named(argument)['input'], options),
        listFor(evaluate({}, named(argument)['p'], options), 'p'),
      ),
    $median: (documents, argument, options) => percentile(each(documents, named(argument)['input'], options), [0.5])[0],
  };
};

/**
 * An accumulator as an expression: over the one list it is given, or over several arguments. mingo would run it over
 * the items of the current value instead, when that is a list.
 */
export function asExpression(accumulator: Operators[string]): Operators[string] {
  return (document, argument, options) => {
    const values = evaluateList(document, argument, options);
    const [only] = values;
    return accumulator(values.length === 1 && Array.isArray(only) ? only : values, null, options);
  };
}

/** For each p the smallest number that at least that share of the numbers does not exceed; null without numbers. */
export function percentile(values: readonly unknown[], shares: readonly unknown[]): (number | null)[] {
  const numbers = values
    .filter((value): value is number => typeof value === 'number' && !Number.isNaN(value))
    .sort((a, b) => a - b);
  return shares.map((share) => {
    if (typeof share !== 'number' || share < 0 || share > 1) throw new Error('p is a list of numbers from 0 to 1');
    return numbers[Math.max(0, Math.ceil(share * numbers.length) - 1)] ?? null;
  });
}
