import {
  describeCode,
  type ErrorCode,
  type ErrorItem,
  type ErrorKind,
  isWfmError,
  WfmError,
} from '@wfm/workflow-engine/errors';
import { z } from 'zod';

export const problemSchema = z.object({
  type: z.string(),
  code: z.string(),
  params: z.record(z.string(), z.unknown()),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  /** The id of the request, to be quoted when asking for help. */
  instance: z.string(),
  errors: z.array(
    z.object({ path: z.string(), code: z.string(), params: z.record(z.string(), z.unknown()), message: z.string() }),
  ),
  details: z.unknown().optional(),
});
/** RFC 9457 problem details, as api.md writes them. */
export type Problem = z.infer<typeof problemSchema>;

/** HTTP status by kind of fault (format.md 24). */
const statusByKind: Record<ErrorKind, number> = {
  definition_structural: 400,
  definition: 422,
  warning: 422,
  request: 400,
  not_found: 404,
  unauthenticated: 401,
  forbidden: 403,
  conflict: 409,
  precondition: 412,
  too_large: 413,
  rate_limited: 429,
  unavailable: 503,
  // Thrown by a command itself (a retry over its limit, an upload too large), not by a module: the request's fault.
  answer: 422,
  run: 422,
  internal: 500,
};

/** Codes of a well-formed request that cannot be carried out: 422 where their kind says 400. */
const statusByCode: Partial<Record<ErrorCode, number>> = {
  step_not_found: 422,
  module_not_found: 422,
  response_invalid: 422,
  version_not_startable: 422,
  capabilities_unmet: 422,
  response_too_large: 413,
  file_too_large: 413,
};

/**
 * The one place where an error becomes an HTTP answer. Takes anything that was thrown; answers no stack, path or
 * secret: what is not ours becomes `internal_error` that names only the request.
 */
export function problemOf(error: unknown, requestId: string): { status: number; body: Problem } {
  if (isWfmError(error)) {
    const { kind, title } = describeCode(error.code);
    const status = statusByCode[error.code] ?? statusByKind[kind];
    if (status < 500 || kind === 'unavailable') return answer(error, title, status, requestId);
    return internal(requestId);
  }
  const known = ofFramework(error);
  return known ? answer(known.error, known.title, known.status, requestId) : internal(requestId);
}

/** How long a client should wait before it tries again, in whole seconds, or undefined. */
export function retryAfterSeconds(error: unknown, status: number): number | undefined {
  if (isWfmError(error) && error.retryAfterMs !== undefined) return Math.max(1, Math.ceil(error.retryAfterMs / 1000));
  return status === 503 || status === 429 ? 1 : undefined;
}

/** `404` for an address that no route has; there is no code of its own for it. */
export function noSuchAddress(requestId: string): { status: number; body: Problem } {
  const error = new WfmError('request_invalid', 'There is nothing at this address.');
  return answer(error, 'There is no such address', 404, requestId);
}

function answer(error: WfmError, title: string, status: number, requestId: string): { status: number; body: Problem } {
  const body: Problem = {
    type: `https://wfm.dev/errors/${error.code.replaceAll('_', '-')}`,
    code: error.code,
    params: error.params,
    title,
    status,
    detail: error.message,
    instance: requestId,
    errors: itemsOf(error),
  };
  if (error.details !== undefined) body.details = error.details;
  return { status, body };
}

function itemsOf(error: WfmError): ErrorItem[] {
  if (error.errors.length > 0 || error.place === undefined) return error.errors;
  return [{ path: error.place, code: error.code, params: error.params, message: error.message }];
}

function internal(requestId: string): { status: number; body: Problem } {
  const message = `Something went wrong on our side. Quote ${requestId} when you report it.`;
  return answer(new WfmError('internal_error', message), describeCode('internal_error').title, 500, requestId);
}

/** Faults that the framework finds before a handler runs: a status between 400 and 499 and a sentence of ours. */
function ofFramework(error: unknown): { error: WfmError; title: string; status: number } | null {
  if (!(error instanceof Error) || !('statusCode' in error)) return null;
  const status = error.statusCode;
  if (typeof status !== 'number' || status < 400 || status > 499) return null;
  const code: ErrorCode = status === 413 ? 'body_too_large' : status === 429 ? 'rate_limited' : 'request_invalid';
  const { title } = describeCode(code);
  return { error: new WfmError(code, sentenceFor(error, status)), title, status };
}

function sentenceFor(error: Error, status: number): string {
  if (status === 413) return 'The request body is larger than this address accepts.';
  if (status === 415) return 'This address does not accept a body of that content type; send application/json.';
  if (status === 429) return 'Too many requests; wait a moment and try again.';
  if (error instanceof SyntaxError) return 'The body is not valid JSON, or holds a forbidden key.';
  const code = 'code' in error ? error.code : undefined;
  if (code === 'FST_ERR_CTP_EMPTY_JSON_BODY') return 'The body is empty although its content type is JSON.';
  if (code === 'FST_ERR_BAD_URL') return 'The address is not a valid URL.';
  return 'The request is malformed.';
}
