import { Context, evalExpr } from 'mingo/core';
import * as mingoAccumulators from 'mingo/operators/accumulator';
import * as mingoExpressions from 'mingo/operators/expression';
import * as mingoQueries from 'mingo/operators/query';
import type { Options } from 'mingo/types';
import { compileSafeRegex } from '../../../schema/index.ts';
import { accumulators, asExpression } from './pipeline-accumulators.ts';
import { dateOperators } from './pipeline-date-operators.ts';
import type { Operator, Operators } from './pipeline-evaluate.ts';
import { listOperators } from './pipeline-list-operators.ts';
import type { Meter } from './pipeline-meter.ts';
import { accumulatorNames, conditionNames, expressionNames, junctionNames } from './pipeline-names.ts';
import { stringOperators } from './pipeline-string-operators.ts';
import { valueOperators } from './pipeline-value-operators.ts';
import { keyOf, readPath } from './pipeline-values.ts';

type Condition = (selector: string, value: unknown, options: Options) => (document: unknown) => boolean;

/** Everything one run of a pipeline evaluates with. */
export interface Evaluator {
  options: Options;
  accumulators: Operators;
}

/**
 * Registers the operators of the allow-list one by one, each paying into the meter for its call and its result. What
 * is not registered does not exist for mingo, whatever the data holds: some of its operators evaluate data.
 */
export function makeEvaluator(meter: Meter): Evaluator {
  const metered =
    (operator: Operator): Operator =>
    (document, argument, options) => {
      meter.spend(1);
      return meter.weigh(operator(document, argument, options));
    };
  const table = (names: ReadonlySet<string>, ...sources: object[]): Operators => {
    const found: Operators = {};
    for (const name of names) {
      const source = sources.find((candidate) => Object.hasOwn(candidate, name)) as Operators | undefined;
      if (source?.[name]) found[name] = metered(source[name]);
    }
    return found;
  };
  const grouping = table(accumulatorNames, accumulators(meter), mingoAccumulators);
  const spread: Operators = {};
  for (const name of ['$avg', '$max', '$min', '$sum', '$stdDevPop', '$stdDevSamp', '$mergeObjects'])
    spread[name] = asExpression(grouping[name] as Operator);
  const ownExpressions = {
    ...spread,
    ...stringOperators(meter),
    ...listOperators(meter),
    ...valueOperators(meter),
    ...dateOperators(meter),
  };
  const context = {
    expression: table(expressionNames, ownExpressions, mingoExpressions),
    query: conditions(meter),
  };
  const options = {
    idKey: '_id',
    scriptEnabled: false,
    useStrictMode: true,
    failOnError: true,
    processingMode: 0,
    context: Context.init(context),
  };
  return { options: prepared(options), accumulators: grouping };
}

/** mingo copies its operator tables for options of ours, but not for its own, which only an operator gets to see. */
function prepared(options: object & { context: Context }): Options {
  const reveal = { expression: { $reveal: (_document: unknown, _argument: unknown, inner: unknown) => inner } };
  const known = { ...options, context: Context.from(options.context, Context.init(reveal)) };
  const inner = evalExpr({}, { $reveal: 0 }, known as unknown as Options) as { update(locals: object): Options };
  // Without a root, each document becomes the root of its own evaluation.
  return inner.update({ root: null });
}

function conditions(meter: Meter): Record<string, Condition> {
  const found: Record<string, Condition> = { $in: among(true), $nin: among(false), $safeRegex: safeRegex(meter) };
  for (const name of [...conditionNames, ...junctionNames, '$expr']) {
    if (found[name] || !Object.hasOwn(mingoQueries, name)) continue;
    found[name] = (mingoQueries as unknown as Record<string, Condition>)[name] as Condition;
  }
  return found;
}

/** `$in` and `$nin` by a set made once: mingo makes one for every document. */
function among(wanted: boolean): Condition {
  return (selector, value) => {
    const keys = new Set((value as unknown[]).map(keyOf));
    const segments = selector.split('.');
    return (document) => {
      const found = readPath(document, segments);
      return (
        (keys.has(keyOf(found)) || (Array.isArray(found) && found.flat().some((item) => keys.has(keyOf(item))))) ===
        wanted
      );
    };
  };
}

/** What the pipeline's `$regex` becomes before mingo sees it; see `rewriteStage`. */
function safeRegex(meter: Meter): Condition {
  return (selector, value) => {
    const { source, flags } = value as { source: string; flags: string };
    const regex = compileSafeRegex(source, undefined, flags);
    const segments = selector.split('.');
    const matches = (text: unknown): boolean => {
      if (typeof text !== 'string') return false;
      meter.spend((regex.cost * text.length) / 50);
      return regex.test(text);
    };
    return (document) => {
      const found = readPath(document, segments);
      return matches(found) || (Array.isArray(found) && found.flat().some(matches));
    };
  };
}
