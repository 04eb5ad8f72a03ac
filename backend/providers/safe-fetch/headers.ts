/**
 * Request headers that a workflow may not set: they steer the connection (RFC 9110, 7.6.1), are computed from the
 * request, or speak to a proxy instead of the server.
 */
const ours = new Set([
  'host',
  'content-length',
  'connection',
  'keep-alive',
  'transfer-encoding',
  'te',
  'trailer',
  'upgrade',
  'http2-settings',
  'expect',
  'via',
  'accept-encoding',
]);

/** All that follows a redirect to another origin: nothing that could be a credential under a name of its own. */
const harmless = new Set(['accept', 'accept-language', 'content-type', 'content-language', 'user-agent', 'range']);

const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/;

/**
 * The headers that are sent: lower-cased, without hop-by-hop and computed ones, without a name or value that is not
 * allowed in HTTP. `accept-encoding` is ours, because we inflate what comes back.
 */
export function outgoingHeaders(headers: Record<string, string>): Record<string, string> {
  const sent: [string, string][] = [];
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase();
    if (ours.has(lower) || lower.startsWith('proxy-') || lower === '__proto__' || !token.test(name)) continue;
    if (typeof value !== 'string' || !isHeaderValue(value)) continue;
    sent.push([lower, value]);
  }
  return { 'user-agent': 'wfm', accept: '*/*', ...Object.fromEntries(sent), 'accept-encoding': 'gzip, deflate, br' };
}

/** What is left of the headers when a redirect leads to another origin. */
export function crossOriginHeaders(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => harmless.has(name) || name === 'accept-encoding'),
  );
}

/** What is left of the headers when a redirect turns the request into a GET: nothing about a body. */
export function withoutBodyHeaders(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith('content-')));
}

/** Reply headers as plain text; a header that came several times is joined by a comma. */
export function replyHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const plain: [string, string][] = [];
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || name === '__proto__') continue;
    plain.push([name.toLowerCase(), Array.isArray(value) ? value.join(', ') : value]);
  }
  return Object.fromEntries(plain);
}

function isHeaderValue(value: string): boolean {
  for (let i = 0; i < value.length; i += 1) {
    const code = value.charCodeAt(i);
    if (code !== 0x09 && (code < 0x20 || code === 0x7f || code > 0xff)) return false;
  }
  return true;
}
