import { describeCode, type ErrorCode, isErrorCode } from './catalogue.ts';

const marker = Symbol.for('wfm.error');

/** One fault among several, with its place: `steps[2].modules[0].inputs.pipeline`, or a request's `response.value`. */
export interface ErrorItem {
  path: string;
  code: ErrorCode;
  params: Record<string, unknown>;
  message: string;
}

/** What a run keeps of an error (format.md 24.1): plain data, no stack, no host path, no secret. */
export interface StoredError {
  code: ErrorCode;
  params: Record<string, unknown>;
  title: string;
  message: string;
  place?: string;
  module_id?: string;
  attempt?: number;
  transient: boolean;
  details?: unknown;
  errors?: ErrorItem[];
}

export interface WfmErrorOptions {
  params?: Record<string, unknown>;
  /** Where in the definition or the request. */
  place?: string;
  /** True when the same call may succeed later (429, 5xx, a reset connection). */
  transient?: boolean;
  /** How long to wait before trying again, as the other side asked. */
  retryAfterMs?: number;
  details?: unknown;
  errors?: ErrorItem[];
  cause?: unknown;
}

/** The one error class of the product. Recognised by `isWfmError`, never by `instanceof`; told apart by `code`. */
export class WfmError extends Error {
  readonly code: ErrorCode;
  readonly params: Record<string, unknown>;
  readonly place: string | undefined;
  readonly transient: boolean;
  readonly retryAfterMs: number | undefined;
  readonly details: unknown;
  readonly errors: ErrorItem[];

  constructor(code: ErrorCode, message: string, options: WfmErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'WfmError';
    this.code = code;
    this.params = options.params ?? {};
    this.place = options.place;
    this.transient = options.transient ?? false;
    this.retryAfterMs = options.retryAfterMs;
    this.details = options.details;
    this.errors = options.errors ?? [];
    Object.defineProperty(this, marker, { value: true });
  }
}

/** True for our own errors, also across copies of this package. */
export function isWfmError(value: unknown): value is WfmError {
  return typeof value === 'object' && value !== null && marker in value;
}

/** True when `value` is our error and carries that code. */
export function hasCode(value: unknown, code: ErrorCode): value is WfmError {
  return isWfmError(value) && value.code === code;
}

/**
 * The form in which a run stores any thrown value. A foreign error becomes `module_failed` with its message cut to
 * 500 characters: a module's author needs the sentence, nobody needs our stack.
 */
export function toStoredError(
  thrown: unknown,
  context: { place?: string; module_id?: string; attempt?: number } = {},
): StoredError {
  const error = isWfmError(thrown)
    ? thrown
    : new WfmError('module_failed', thrown instanceof Error ? thrown.message.slice(0, 500) : 'The module failed.');
  const stored: StoredError = {
    code: error.code,
    params: error.params,
    title: describeCode(error.code).title,
    message: error.message,
    transient: error.transient,
  };
  const place = error.place ?? context.place;
  if (place !== undefined) stored.place = place;
  if (context.module_id !== undefined) stored.module_id = context.module_id;
  if (context.attempt !== undefined) stored.attempt = context.attempt;
  if (error.details !== undefined) stored.details = error.details;
  if (error.errors.length > 0) stored.errors = error.errors;
  return stored;
}

/** Rebuilds a `WfmError` from its stored form, for a caller that has to throw it. */
export function fromStoredError(stored: StoredError): WfmError {
  const options: WfmErrorOptions = { params: stored.params, transient: stored.transient };
  if (stored.place !== undefined) options.place = stored.place;
  if (stored.details !== undefined) options.details = stored.details;
  if (stored.errors) options.errors = stored.errors;
  return new WfmError(isErrorCode(stored.code) ? stored.code : 'module_failed', stored.message, options);
}
