/** An address that may stand behind a link: the web and mail, nothing that runs (ux.md 3.3, promise 6). */
export function safeLink(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > 8_000) return undefined;
  const url = URL.parse(value);
  return url && ['https:', 'http:', 'mailto:'].includes(url.protocol) ? url.href : undefined;
}
