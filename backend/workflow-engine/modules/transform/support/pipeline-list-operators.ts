import { limits } from '../../../models/limits.ts';
import {
  evaluate,
  evaluateList,
  evaluateNamed,
  integerFor,
  isMissing,
  listFor,
  type Operator,
  type OperatorSet,
  textFor,
} from './pipeline-evaluate.ts';
import { forbiddenNames } from './pipeline-names.ts';
import { sortValues } from './pipeline-sort.ts';
import { compareValues, type Document, isDocument, keyOf } from './pipeline-values.ts';

const mostItems = 100_000;

/**
 * List, set and comparison operators that mingo has without bounds, in quadratic time, or with another meaning than
 * MongoDB's: its `$eq` in an expression also looks inside lists.
 */
export const listOperators: OperatorSet = (meter) => {
  const room = (count: number): void => meter.room('items in a list', count, mostItems);
  const keyed = (list: unknown): Map<string, unknown> => {
    const items = listFor(list, 'a set operator');
    meter.weigh(items);
    meter.spend(items.length);
    return new Map(items.map((item) => [keyOf(item), item]));
  };
  const sets =
    (work: (sets: Map<string, unknown>[]) => unknown): Operator =>
    (document, argument, options) => {
      const lists = evaluateList(document, argument, options);
      return lists.some(isMissing) ? null : work(lists.map(keyed));
    };
  const subset = (a: Map<string, unknown>, b: Map<string, unknown>): boolean =>
    [...a.keys()].every((key) => b.has(key));
  const comparison =
    (test: (order: number) => unknown): Operator =>
    (document, argument, options) => {
      const [a, b] = evaluateList(document, argument, options);
      meter.weigh(a);
      return test(compareValues(a, b));
    };
  const extremes =
    (sign: 1 | -1): Operator =>
    (document, argument, options) => {
      const { input, n } = evaluateNamed(document, argument, options);
      if (isMissing(input)) return null;
      const items = listFor(input, 'input').filter((item) => !isMissing(item));
      return items.sort((a, b) => sign * compareValues(a, b)).slice(0, integerFor(n, 'n'));
    };
  const end =
    (index: 0 | -1): Operator =>
    (document, argument, options) => {
      const [list] = evaluateList(document, argument, options);
      return isMissing(list) ? null : listFor(list, '$first or $last').at(index);
    };

  return {
    $eq: comparison((order) => order === 0),
    $ne: comparison((order) => order !== 0),
    $gt: comparison((order) => order > 0),
    $gte: comparison((order) => order >= 0),
    $lt: comparison((order) => order < 0),
    $lte: comparison((order) => order <= 0),
    $cmp: comparison(Math.sign),
    $first: end(0),
    $last: end(-1),
    $maxN: extremes(-1),
    $minN: extremes(1),
    $in(document, argument, options) {
      const [value, list] = evaluateList(document, argument, options);
      const items = listFor(list, '$in');
      meter.spend(items.length / 4);
      return items.some((item) => compareValues(item, value) === 0);
    },
    $range(document, argument, options) {
      const [start, stop, by] = evaluateList(document, argument, options);
      const [from, to, step] = [
        integerFor(start, '$range'),
        integerFor(stop, '$range'),
        isMissing(by) ? 1 : integerFor(by, '$range'),
      ];
      if (step === 0) throw new Error('$range needs a step other than 0');
      const count = Math.max(0, Math.ceil((to - from) / step));
      meter.room('numbers in a range', count, limits.pipelineDocuments);
      return Array.from({ length: count }, (_, index) => from + index * step);
    },
    $concatArrays(document, argument, options) {
      const lists = evaluateList(document, argument, options);
      if (lists.some(isMissing)) return null;
      const checked = lists.map((list) => listFor(list, '$concatArrays'));
      room(checked.reduce((sum, list) => sum + list.length, 0));
      return checked.flat();
    },
    $zip(document, argument, options) {
      const { inputs, useLongestLength, defaults } = evaluateNamed(document, argument, options);
      if (isMissing(inputs)) return null;
      const lists = listFor(inputs, 'inputs');
      if (lists.some(isMissing)) return null;
      const checked = lists.map((list) => listFor(list, 'inputs'));
      const lengths = checked.map((list) => list.length);
      const length = lengths.reduce(
        (a, b) => (useLongestLength === true ? Math.max(a, b) : Math.min(a, b)),
        lengths[0] ?? 0,
      );
      room(length * checked.length);
      const filling = isMissing(defaults) ? [] : listFor(defaults, 'defaults');
      return Array.from({ length }, (_, row) => checked.map((list, column) => list[row] ?? filling[column] ?? null));
    },
    $sortArray(document, argument, options) {
      const { input, sortBy } = evaluateNamed(document, argument, options);
      if (isMissing(input)) return null;
      const items = listFor(input, 'input');
      meter.spend(items.length * 8);
      if (isDocument(sortBy)) return sortValues(items, sortBy);
      return items.toSorted((a, b) => (sortBy === -1 ? -1 : 1) * compareValues(a, b));
    },
    $arrayToObject(document, argument, options) {
      const list = evaluate(
        document,
        Array.isArray(argument) && argument.length === 1 ? (argument as unknown[])[0] : argument,
        options,
      );
      if (isMissing(list)) return null;
      const result: Document = {};
      for (const item of listFor(list, '$arrayToObject')) {
        const [name, value] = isDocument(item) ? [item['k'], item['v']] : listFor(item, '$arrayToObject');
        const key = textFor(name, '$arrayToObject');
        if (forbiddenNames.has(key)) throw new Error(`a field may not be called "${key}"`);
        result[key] = value;
      }
      return result;
    },
    $setUnion: sets((lists) => [...new Map(lists.flatMap((list) => [...list])).values()]),
    $setIntersection: sets(([first, ...others]) =>
      [...(first ?? [])].filter(([key]) => others.every((other) => other.has(key))).map(([, value]) => value),
    ),
    $setDifference: sets(([a, b]) => [...(a ?? [])].filter(([key]) => !b?.has(key)).map(([, value]) => value)),
    $setIsSubset: sets(([a, b]) => a !== undefined && b !== undefined && subset(a, b)),
    $setEquals: sets(([first, ...others]) =>
      others.every((other) => first !== undefined && other.size === first.size && subset(first, other)),
    ),
  };
};
