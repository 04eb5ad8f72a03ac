import { isJsonObject } from '../../models/json.ts';

/** What stands where a secret was. */
const REDACTED = '[redacted]';

/** Names under which a text is a secret, in lower case without `-` and `_`. */
const secretNames = new Set([
  'accesskey',
  'accesstoken',
  'apikey',
  'authorization',
  'clientsecret',
  'cookie',
  'password',
  'proxyauthorization',
  'refreshtoken',
  'secret',
  'secretkey',
  'setcookie',
  'token',
  'xaccesskey',
  'xapikey',
]);

/** Texts that are secrets wherever they stand: keys of vendors and of ours, bearer tokens, credentials in addresses. */
const secretShapes = [
  /\b(?:sk|pk|rk|wfk|ghp|gho|xox[abp])[-_][A-Za-z0-9_-]{16,200}/g,
  /\b[Bb]earer [A-Za-z0-9._~+/-]{8,2000}=*/g,
  /(?<=:\/\/)[^\s/:@]{1,200}:[^\s/@]{1,200}(?=@)/g,
];

/** Values of this machine's settings that must not leave it. */
export function secretsOf(env: Record<string, string | undefined>): string[] {
  return Object.entries(env).flatMap(([name, value]) =>
    /(?:KEY|SECRET|TOKEN|PASSWORD|_URI)$/.test(name) && value !== undefined && value.length >= 8 ? [value] : [],
  );
}

/**
 * A value without its secrets, and the places from which one was removed (`workflow.steps[0]…`). A template is none: it
 * says where a secret would come from.
 */
export function redact<T>(value: T, place: string, secrets: readonly string[] = []): { value: T; redacted: string[] } {
  const redacted: string[] = [];
  const cleanText = (text: string): string => {
    let clean = text;
    for (const secret of secrets) clean = clean.replaceAll(secret, REDACTED);
    for (const shape of secretShapes) clean = clean.replace(shape, REDACTED);
    return clean;
  };
  const clean = (item: unknown, at: string, key: string): unknown => {
    if (typeof item === 'string') {
      const named = secretNames.has(key.toLowerCase().replaceAll(/[-_]/g, ''));
      const isSecret = named && item.trim() !== '' && !item.includes('{{');
      const text = isSecret ? REDACTED : cleanText(item);
      if (text !== item) redacted.push(at);
      return text;
    }
    if (Array.isArray(item)) return item.map((each: unknown, index) => clean(each, `${at}[${index}]`, key));
    if (!isJsonObject(item)) return item;
    return Object.fromEntries(Object.entries(item).map(([name, each]) => [name, clean(each, `${at}.${name}`, name)]));
  };
  return { value: clean(value, place, '') as T, redacted };
}
