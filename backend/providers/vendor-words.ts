/** What vendors of any kind say in a reply, made fit for a person and for a retry. */

/** A vendor's sentence: one line, at most 300 characters, without keys and addresses; empty when nothing is left. */
export function safeWords(message: string, secrets: readonly string[]): string {
  let clean = message.slice(0, 1000);
  for (const secret of secrets) if (secret.length > 3) clean = clean.replaceAll(secret, '(key)');
  clean = clean
    .replace(/\b(?:sk|key|pk|api)[-_][\w*.-]{6,}/gi, '(key)')
    .replace(/\b(?:Bearer|Basic)\s+\S+/gi, '(key)')
    .replace(/[a-z]+:\/\/\S+/gi, '(address)')
    .replace(/\s+/g, ' ')
    .trim();
  return clean.slice(0, 300);
}

/** How long the vendor asks to wait, in ms: `retry-after-ms`, else `retry-after` in seconds or as a date (RFC 9110 10.2.3). */
export function retryAfterOf(headers: Record<string, string>): number | undefined {
  const precise = Number(headers['retry-after-ms'] ?? Number.NaN);
  if (precise >= 0) return Math.ceil(precise);
  const value = headers['retry-after'];
  if (value === undefined) return undefined;
  const seconds = Number(value);
  const wait = Number.isNaN(seconds) ? Date.parse(value) - Date.now() : seconds * 1000;
  return Number.isFinite(wait) ? Math.max(0, Math.ceil(wait)) : undefined;
}
