/** Where the two servers are: asked of the server that serves the page (ux.md 2.6). */

export interface Config {
  api_url: string;
  virtual_api_url: string;
  version: string;
}

/** Address of the production server, without a slash at its end; '' for the page's own. Set by `loadConfig`. */
export let API_URL = '';
/** Address of the preview server. Set by `loadConfig`. */
export let VIRTUAL_API_URL = '';

/**
 * Reads `GET /config.json` once, before anything else is asked. Without a `virtual_api_url` the preview server is the
 * page's own host on port 9001; `VITE_API_URL` and `VITE_VIRTUAL_API_URL` go over both in development.
 */
export async function loadConfig(env: Readonly<Record<string, unknown>> = {}): Promise<Config> {
  const own = textOf(env.VITE_API_URL);
  const reply = await fetch(`${own}/config.json`).catch(() => null);
  const said = reply?.ok === true ? ((await reply.json()) as Partial<Config>) : {};
  API_URL = withoutSlash(own || textOf(said.api_url));
  VIRTUAL_API_URL = withoutSlash(textOf(env.VITE_VIRTUAL_API_URL) || textOf(said.virtual_api_url) || besideThePage());
  return { api_url: API_URL, virtual_api_url: VIRTUAL_API_URL, version: textOf(said.version) };
}

function besideThePage(): string {
  const { protocol, hostname } = globalThis.location;
  return `${protocol}//${hostname}:9001`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function withoutSlash(url: string): string {
  return url.endsWith('/') ? url.slice(0, -1) : url;
}
