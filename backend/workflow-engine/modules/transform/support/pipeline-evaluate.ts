import { evalExpr } from 'mingo/core';
import type { Options } from 'mingo/types';
import type { Meter } from './pipeline-meter.ts';

/** An operator as mingo calls it: the document, the unevaluated argument, and the options of this run. */
export type Operator = (document: unknown, argument: unknown, options: Options) => unknown;
export type Operators = Record<string, Operator>;
/** Makes the operators of one run, which share its meter. */
export type OperatorSet = (meter: Meter) => Operators;

/** The value of an expression for a document. */
export function evaluate(document: unknown, expression: unknown, options: Options): unknown {
  return evalExpr(document, expression, options);
}

/** Evaluates a list of arguments; a single one may stand alone. */
export function evaluateList(document: unknown, argument: unknown, options: Options): unknown[] {
  const value = evaluate(document, argument, options);
  return Array.isArray(argument) ? (value as unknown[]) : [value];
}

/** Evaluates named arguments: `{ input, find, … }`. */
export function evaluateNamed(document: unknown, argument: unknown, options: Options): Record<string, unknown> {
  const value = evaluate(document, argument, options);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error('named arguments are expected');
  return value as Record<string, unknown>;
}

export const isMissing = (value: unknown): value is null | undefined => value === null || value === undefined;

/** Insists on a list. */
export function listFor(value: unknown, who: string): unknown[] {
  if (!Array.isArray(value)) throw new Error(`${who} needs a list`);
  return value;
}

/** Insists on a text. */
export function textFor(value: unknown, who: string): string {
  if (typeof value !== 'string') throw new Error(`${who} needs a text`);
  return value;
}

/** Insists on a whole number. */
export function integerFor(value: unknown, who: string): number {
  if (!Number.isSafeInteger(value)) throw new Error(`${who} needs a whole number`);
  return value as number;
}
