import { isWfmError, WfmError } from '@wfm/workflow-engine/errors';
import { retryAfterOf, safeWords } from '../../vendor-words.ts';
import { faultWords } from './fault-words.ts';

/** What a fault needs to know of the call that failed. */
export interface FaultContext {
  provider: string;
  /** How a sentence calls the vendor. */
  title: string;
  /** Texts that must not appear in any message: keys. */
  secrets: readonly string[];
  /** The setting that holds the key; null where the vendor needs none. */
  keySetting: string | null;
  urlSetting: string;
  /** The call orders something that may cost money: when its outcome is unknown, it may be billed. */
  starts: boolean;
}

/** A reply that is no success. `body` is parsed JSON, or the text as it came. */
export interface FailedReply {
  status: number;
  headers: Record<string, string>;
  body: unknown;
}

/** A vendor that asks for a longer rest than this is asked again earlier. */
const longestWaitMs = 3_600_000;

const creditWords =
  /insufficient[_ ](?:credit|fund|balance|quota)|not enough (?:api )?(?:credit|token|balance)|quota_exceeded|out of credit|credit balance|payment.?required|billing_hard_limit|paid_plan_required/;
const policyWords =
  /content.?(?:policy|filter|moderat)|moderation|nsfw|unsafe|safety|prohibited|inappropriate|bad_prompt|copyright|terms of service|banned|sensitive/;

type Code =
  | 'provider_auth'
  | 'provider_credits'
  | 'provider_rate_limited'
  | 'provider_failed'
  | 'provider_timeout'
  | 'content_too_large';

interface More {
  transient?: boolean;
  retryAfterMs?: number | undefined;
  maybeBilled?: boolean;
  params?: Record<string, unknown>;
}

/**
 * A failed reply as one of our codes (format.md 15.5, 24): 401 and 403 `provider_auth`; 402, or words about credits,
 * `provider_credits`; 429 `provider_rate_limited`, transient, with what the vendor asks to wait, told apart by
 * `params.reason` (`concurrency`, `busy`, `rate`); another 4xx `provider_failed`, final (`policy`, `request`,
 * `address`); 455 (MidAPI's maintenance), 3xx and 5xx by what can be done about them. The vendor's sentence goes on, cut
 * and without secrets, except beside a refused key, where vendors like to quote it.
 */
export function faultOfReply(reply: FailedReply, context: FaultContext): WfmError {
  const { status, headers } = reply;
  const { labels, message } = faultWords(reply.body);
  const text = `${labels} ${message.slice(0, 1000)}`.toLowerCase();
  const says = saying(message, context);
  const make = (code: Code, sentence: string, reason: string, more: More = {}) =>
    providerFault(code, sentence, reason, context, { ...more, params: { status, ...more.params } });

  if (status === 402 || (status < 500 && creditWords.test(text)))
    return make('provider_credits', `The account at ${context.title} has not enough credit.${says}`, 'credits');
  if (status === 429) return rateLimited(text, says, reply, make, context.title);
  const policy = status >= 400 && status < 500 && status !== 401 && policyWords.test(text);
  if (policy) return make('provider_failed', `${context.title} refused this request by its policy.${says}`, 'policy');
  if (status === 401 || status === 403) {
    const advice = context.keySetting === null ? '' : ` Check ${context.keySetting} or your own key.`;
    return make('provider_auth', `${context.title} refused the key.${advice}`, 'key');
  }
  // FastAPI says "Not Found" of an address it lacks, and something else of a thing that the request names.
  const lacksAddress = status === 404 && (message === '' || /^not found\b/i.test(message.trim()));
  if (lacksAddress || (status >= 300 && status < 400)) {
    const sentence = `${context.title} does not answer at this address. Check ${context.urlSetting}.`;
    return make('provider_failed', sentence, 'address');
  }
  const wait = waitOf(headers);
  if (status >= 400 && status < 500 && ![408, 409, 425, 455].includes(status))
    return make('provider_failed', `${context.title} did not accept the request.${says}`, 'request');
  // 503 and MidAPI's 455 say that nothing was begun; of other faults of the server nobody knows.
  const maybeBilled = status >= 500 && status !== 503;
  return make('provider_failed', `${context.title} has a fault of its own (status ${status}).${says}`, 'status', {
    transient: true,
    retryAfterMs: wait,
    maybeBilled,
  });
}

/**
 * Whatever a call threw: our own errors as they are, faults of the connection as a transient `provider_failed`. No
 * cause goes along: it holds the address, the prompt and the key.
 */
export function faultOfThrown(thrown: unknown, context: FaultContext): WfmError {
  if (isWfmError(thrown)) return thrown;
  const code = networkCode(thrown);
  // A connection that never stood has ordered nothing.
  const maybeBilled = !neverConnected.has(code);
  return providerFault(
    'provider_failed',
    `The connection to ${context.title} broke or was never made (${code}).`,
    'network',
    context,
    { transient: true, maybeBilled },
  );
}

/** A job that the vendor began and gave up; final, because the vendor has already tried. */
export function faultOfJob(message: string, context: FaultContext): WfmError {
  const policy = policyWords.test(message.slice(0, 1000).toLowerCase());
  const sentence = policy
    ? `${context.title} refused this request by its policy.`
    : `${context.title} could not finish this.`;
  return providerFault('provider_failed', `${sentence}${saying(message, context)}`, policy ? 'policy' : 'job', context);
}

/** `provider_timeout` after so many ms; transient, and the order may have been billed. */
export function timeoutFault(limitMs: number, context: FaultContext): WfmError {
  const message = `${context.title} did not answer within ${Math.ceil(limitMs / 1000)} seconds.`;
  return providerFault('provider_timeout', message, 'timeout', context, {
    transient: true,
    maybeBilled: true,
    params: { limit: limitMs },
  });
}

/** A reply that is not what the vendor promises. Of a read it may be better the next time; an order is not repeated. */
export function malformedFault(what: string, context: FaultContext): WfmError {
  const message = `${context.title} answered with something that cannot be used: ${what}.`;
  return providerFault('provider_failed', message, 'malformed', context, {
    transient: !context.starts,
    maybeBilled: true,
  });
}

/** `provider_failed` for a reply over so many bytes; final, and the order may have been billed. */
export function hugeReplyFault(limit: number, context: FaultContext): WfmError {
  const message = `${context.title} sent more than ${limit} bytes.`;
  return providerFault('provider_failed', message, 'reply_too_large', context, {
    maybeBilled: true,
    params: { limit },
  });
}

/** A generated file over format.md 23's limit, in bytes. */
export function fileTooLarge(limit: number, context: Pick<FaultContext, 'provider' | 'title' | 'starts'>): WfmError {
  const message = `The file from ${context.title} is larger than ${limit} bytes.`;
  return providerFault('content_too_large', message, 'too_large', context, { maybeBilled: true, params: { limit } });
}

/** Any fault of a provider; `params` always holds `provider` and `reason`, and `maybe_billed` only where it is true. */
export function providerFault(
  code: Code,
  message: string,
  reason: string,
  context: Pick<FaultContext, 'provider' | 'starts'>,
  more: More = {},
): WfmError {
  const billed = more.maybeBilled === true && context.starts;
  return new WfmError(code, message, {
    params: { provider: context.provider, reason, ...more.params, ...(billed ? { maybe_billed: true } : {}) },
    ...(more.transient === undefined ? {} : { transient: more.transient }),
    ...(more.retryAfterMs === undefined ? {} : { retryAfterMs: more.retryAfterMs }),
  });
}

/** ElevenLabs tells "you have too many at once" from "we are busy" by the label alone; both are 429. */
function rateLimited(
  text: string,
  says: string,
  reply: FailedReply,
  make: (code: Code, sentence: string, reason: string, more?: More) => WfmError,
  title: string,
): WfmError {
  const more = { transient: true, retryAfterMs: waitOf(reply.headers) };
  if (/concurren|too many (?:jobs|tasks|running)/.test(text))
    return make(
      'provider_rate_limited',
      `${title} works on as many orders as it allows at once.${says}`,
      'concurrency',
      more,
    );
  if (/busy|overload|heavy traffic/.test(text))
    return make('provider_rate_limited', `${title} is busy.${says}`, 'busy', more);
  return make('provider_rate_limited', `${title} is over its rate limit.${says}`, 'rate', more);
}

function waitOf(headers: Record<string, string>): number | undefined {
  const wait = retryAfterOf(headers);
  return wait === undefined ? undefined : Math.min(wait, longestWaitMs);
}

function saying(message: string, context: FaultContext): string {
  const words = safeWords(message, context.secrets);
  return words === '' ? '' : ` It says: ${words}`;
}

const neverConnected = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** The code deepest in the chain of causes; undici wraps what the socket says. */
function networkCode(thrown: unknown): string {
  let code = 'unknown';
  for (let at = thrown, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth += 1)
    if ('code' in at && typeof at.code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(at.code)) code = at.code;
  return code;
}
