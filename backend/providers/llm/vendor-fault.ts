import { APICallError } from 'ai';
import { isWfmError, WfmError } from '@wfm/workflow-engine/errors';
import { isJsonObject } from '@wfm/workflow-engine/models';
import { retryAfterOf, safeWords } from '../vendor-words.ts';

export interface CallContext {
  provider: string;
  /** How a sentence calls the vendor. */
  title: string;
  model: string;
  /** Texts that must not appear in any message: keys. */
  secrets: readonly string[];
  /** The setting that holds the key, and the one that holds the address. */
  keySetting: string;
  urlSetting: string;
}

interface Fault {
  status: number | undefined;
  /** Type, code and parameter as the vendor names them, lower case. */
  labels: string;
  message: string;
  headers: Record<string, string>;
}

/**
 * Any failure of a vendor's call as one of our codes (format.md 14.2, 24). The error carries no cause and no headers:
 * those hold the prompt, the address and the key. A vendor's own sentence goes on, cut and with secrets taken out,
 * except beside a refused key, where vendors like to quote the key.
 */
export function toLlmError(thrown: unknown, context: CallContext): WfmError {
  const ours = findWfmError(thrown);
  if (ours) return ours;
  const fault = readFault(thrown);
  const { status, labels } = fault;
  const says = vendorSays(fault.message, context.secrets);
  const text = `${labels} ${fault.message.slice(0, 500).toLowerCase()}`;
  const make = (
    code: Parameters<typeof build>[0],
    sentence: string,
    reason: string,
    more?: { transient?: boolean; retryAfterMs?: number },
  ) => build(code, sentence, reason, fault, context, more);

  if (status === 402 || /insufficient_quota|credit balance|billing/.test(text)) {
    return make('llm_rate_limited', `The account at ${context.title} has no quota left.${says}`, 'quota');
  }
  if (isModelFault(status, labels, text)) {
    return make('model_unknown', `${context.title} has no model "${context.model}" for this key.${says}`, 'model');
  }
  if (status === 401 || status === 403 || /authentication|invalid_api_key|permission/.test(labels)) {
    return make('llm_auth', `${context.title} refused the key. Check ${context.keySetting}.`, 'key');
  }
  if (status === 429 || labels.includes('rate_limit')) {
    const retryAfterMs = retryAfterOf(fault.headers);
    return make('llm_rate_limited', `${context.title} is over its rate limit.${says}`, 'rate', {
      transient: true,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
  }
  if (/content_filter|content_policy|safety|refusal/.test(labels)) {
    return make('llm_refused', `${context.title} refused to answer this prompt.${says}`, 'content');
  }
  if (status === 404 || (status !== undefined && status >= 300 && status < 400)) {
    return make(
      'llm_unavailable',
      `Nothing answers for ${context.title} at its address. Check ${context.urlSetting}.`,
      'address',
    );
  }
  if (status !== undefined && status >= 400 && status < 500 && ![408, 409, 425].includes(status)) {
    return make('llm_refused', `${context.title} did not accept the request.${says}`, 'request');
  }
  const retryAfterMs = retryAfterOf(fault.headers);
  const known = status === undefined ? '' : ` (status ${status})`;
  return make(
    'llm_unavailable',
    `${context.title} could not be reached or broke off${known}.${says}`,
    status === undefined ? 'network' : 'status',
    {
      transient: true,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    },
  );
}

function build(
  code: 'llm_auth' | 'llm_rate_limited' | 'llm_refused' | 'llm_unavailable' | 'model_unknown',
  message: string,
  reason: string,
  fault: Fault,
  context: CallContext,
  more: { transient?: boolean; retryAfterMs?: number } = {},
): WfmError {
  const params = { provider: context.provider, model: context.model, reason };
  return new WfmError(code, message, {
    ...more,
    params: fault.status === undefined ? params : { ...params, status: fault.status },
  });
}

/** Our own error anywhere in the chain of causes: the SDK wraps what a fetch or a download throws. */
function findWfmError(thrown: unknown): WfmError | undefined {
  for (let at = thrown, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth += 1)
    if (isWfmError(at)) return at;
  return isWfmError(thrown) ? thrown : undefined;
}

function readFault(thrown: unknown): Fault {
  if (APICallError.isInstance(thrown)) {
    const body = errorBody(parse(thrown.responseBody)) ?? errorBody(thrown.data);
    return {
      status: thrown.statusCode,
      labels: labelsOf(body),
      message: stringOf(body?.['message']) || (thrown.statusCode === undefined ? '' : thrown.message),
      headers: thrown.responseHeaders ?? {},
    };
  }
  if (isJsonObject(thrown)) {
    const body = errorBody(thrown) ?? thrown;
    const status = thrown['statusCode'];
    const labels = labelsOf(body);
    // Anthropic names the fault of a stream that has begun by its type alone.
    const implied = /overloaded|api_error|server_error/.test(labels) ? 503 : undefined;
    const message = thrown instanceof Error && status === undefined ? '' : stringOf(body['message']);
    return { status: typeof status === 'number' ? status : implied, labels, message, headers: {} };
  }
  return { status: undefined, labels: '', message: '', headers: {} };
}

/** `{ error: {...} }`, or what is in it. */
function errorBody(value: unknown): Record<string, unknown> | undefined {
  if (!isJsonObject(value)) return undefined;
  const inner = value['error'];
  if (isJsonObject(inner)) return inner;
  return typeof inner === 'string' ? { message: inner } : undefined;
}

function labelsOf(body: Record<string, unknown> | undefined): string {
  return [body?.['type'], body?.['code'], body?.['param']].map(stringOf).join(' ').slice(0, 200).toLowerCase();
}

function isModelFault(status: number | undefined, labels: string, text: string): boolean {
  if (labels.includes('model_not_found')) return true;
  if (status === 404) return text.includes('model');
  if (status !== 400 && status !== 422) return false;
  return (
    labels.endsWith(' model') ||
    /(?:not a valid|unknown|invalid|no such) model|model [^ ]{1,100} (?:does not exist|not found)/.test(text)
  );
}

function vendorSays(message: string, secrets: readonly string[]): string {
  const words = safeWords(message, secrets);
  return words === '' ? '' : ` It says: ${words}`;
}

function parse(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

function stringOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
