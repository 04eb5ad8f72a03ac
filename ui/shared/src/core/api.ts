import createClient, { type Client } from 'openapi-fetch';
import type { paths as PreviewPaths } from '../../generated/preview.d.ts';
import type { paths as ProductionPaths } from '../../generated/production.d.ts';
import { API_URL, VIRTUAL_API_URL } from './config.ts';
import { request, type RequestOptions } from './request.ts';

export type ProductionClient = Client<ProductionPaths>;
export type PreviewClient = Client<PreviewPaths>;

/** The production server, typed by its OpenAPI. A refusal is thrown as `ApiError`; whatever is answered is `data`. */
export function productionApi(): ProductionClient {
  return createClient<ProductionPaths>({ baseUrl: API_URL, fetch: throwing });
}

/** The preview server, likewise. */
export function previewApi(): PreviewClient {
  return createClient<PreviewPaths>({ baseUrl: VIRTUAL_API_URL, fetch: throwing });
}

/** A request that no typed client makes: a stream, a file. `path` begins with a slash. */
export async function callProduction(path: string, options: RequestOptions = {}): Promise<Response> {
  return request(`${API_URL}${path}`, options, renewSession);
}

export async function callPreview(path: string, options: RequestOptions = {}): Promise<Response> {
  return request(`${VIRTUAL_API_URL}${path}`, options, renewSession);
}

/** The data of an answer that has some. */
export async function dataOf<T>(answer: Promise<{ data?: T }>): Promise<T> {
  return (await answer).data as T;
}

async function throwing(input: Request): Promise<Response> {
  const body = input.body === null ? undefined : await input.text();
  const headers: Record<string, string> = {};
  for (const [name, value] of input.headers) headers[name] = value;
  return request(
    input.url,
    {
      method: input.method as NonNullable<RequestOptions['method']>,
      headers,
      signal: input.signal,
      ...(body === undefined || body === '' ? {} : { text: body }),
    },
    renewSession,
  );
}

/** Trades the refresh cookie for a new session; only the production server can (api.md, Auth). */
async function renewSession(): Promise<boolean> {
  const reply = await fetch(`${API_URL}/auth/refresh`, {
    method: 'POST',
    credentials: 'include',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  }).catch(() => null);
  return reply?.ok === true;
}
