import { WfmError } from '../../errors/index.ts';
import { isJsonObject, type JsonObject } from '../../models/json.ts';

export interface FetchInputs {
  url: string;
  base_url?: string | undefined;
  method: string;
  headers?: JsonObject | undefined;
  body?: unknown;
  params?: JsonObject | undefined;
}

export interface PreparedRequest {
  url: string;
  method: string;
  headers: Record<string, string>;
  body?: string;
}

const redacted = '[redacted]';
const sensitive = /^(?:proxy-)?authorization$|cookie|key|token|secret|password|signature|^sig$/i;

/**
 * The request that an author's inputs describe (format.md 14.2): address joined and given its parameters, body as text
 * or JSON, header names checked.
 *
 * @param idempotencyKey sent with methods that change something, unless the author sends one
 * @throws WfmError `input_invalid` with the place; `url_refused` for an address that cannot be read
 */
export function prepareRequest(given: FetchInputs, idempotencyKey: string): PreparedRequest {
  for (const name of ['url', 'base_url', 'headers', 'params', 'body'] as const)
    refuseSecrets(given[name], `inputs.${name}`);
  const method = given.method.trim().toUpperCase();
  const headers = headersOf(given.headers ?? {});
  const prepared: PreparedRequest = { url: urlOf(given), method, headers };
  const changes = method !== 'GET' && method !== 'HEAD';
  if (changes && given.body !== undefined && given.body !== null) {
    prepared.body = typeof given.body === 'string' ? given.body : JSON.stringify(given.body);
    headers['content-type'] ??= typeof given.body === 'string' ? 'text/plain; charset=utf-8' : 'application/json';
  }
  headers['accept'] ??= 'application/json, text/plain;q=0.9, */*;q=0.8';
  if (changes) headers['idempotency-key'] ??= idempotencyKey;
  return prepared;
}

function urlOf({ url, base_url, params }: FetchInputs): string {
  let address: URL;
  try {
    const base = base_url === undefined || base_url.trim() === '' ? undefined : base_url.trim();
    // Joined like a path: a base of /v1 keeps its /v1.
    const path =
      base && !/^[a-z][a-z0-9+.-]*:/i.test(url)
        ? `${base.replace(/\/$/, '')}/${url.trim().replace(/^\//, '')}`
        : url.trim();
    address = new URL(path);
  } catch {
    throw new WfmError(
      'url_refused',
      'The address cannot be read: it must be complete, or join with base_url to a complete one.',
      {
        place: 'inputs.url',
      },
    );
  }
  for (const [name, value] of Object.entries(params ?? {})) {
    for (const item of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (item === null || item === undefined) continue;
      address.searchParams.append(name, typeof item === 'string' ? item : JSON.stringify(item));
    }
  }
  return address.href;
}

function headersOf(written: JsonObject): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(written)) {
    if (value === null || value === undefined) continue;
    const text = typeof value === 'string' ? value.trim() : JSON.stringify(value);
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/.test(name) || /[\r\n\0]/.test(text)) {
      throw new WfmError('input_invalid', `The header "${name.slice(0, 100)}" is not one that can be sent.`, {
        place: 'inputs.headers',
        params: { header: name.slice(0, 100) },
      });
    }
    headers[name.toLowerCase()] = text;
  }
  return headers;
}

/** A secret is filled in by the server that holds it; here there is none to fill in (format.md 5.10). */
function refuseSecrets(value: unknown, place: string): void {
  if (Array.isArray(value)) value.forEach((item, index) => refuseSecrets(item, `${place}[${index}]`));
  if (!isJsonObject(value)) return;
  if (Object.hasOwn(value, '$secret')) {
    throw new WfmError('input_invalid', 'Stored secrets are not available to this module on this server.', {
      place,
      params: { secret: String(value['$secret']).slice(0, 100) },
    });
  }
  for (const [key, item] of Object.entries(value)) refuseSecrets(item, `${place}.${key}`);
}

/** The request as a person may read it later: whatever may be a credential is left out (format.md 8.4). */
export function shownRequest({ url, method, headers, body }: PreparedRequest): JsonObject {
  const shown = Object.entries(headers).map(([name, value]) => [name, sensitive.test(name) ? redacted : value]);
  return {
    method,
    url: shownUrl(url),
    headers: Object.fromEntries(shown) as JsonObject,
    ...(body === undefined ? {} : { body: shownBody(body) }),
  };
}

/** An address without user name, password, and the values of parameters that may be credentials. */
export function shownUrl(url: string): string {
  const address = new URL(url);
  address.username = '';
  address.password = '';
  for (const name of new Set(address.searchParams.keys())) {
    if (sensitive.test(name)) address.searchParams.set(name, redacted);
  }
  return address.href;
}

const longestBody = 20_000;

function shownBody(body: string): unknown {
  try {
    return withoutCredentials(JSON.parse(body));
  } catch {
    return body.slice(0, longestBody);
  }
}

function withoutCredentials(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutCredentials);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, sensitive.test(key) ? redacted : withoutCredentials(item)]),
  );
}
