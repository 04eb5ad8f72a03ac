import type { Diagnostic } from '../models/diagnostic.ts';
import { isJsonObject } from '../models/json.ts';
import { hasTemplate } from './input-plan.ts';
import { at } from './place.ts';
import { finding } from './report.ts';

const secretNames = new Set(['apikey', 'authorization', 'xapikey', 'accesstoken', 'clientsecret', 'secretkey']);

/**
 * Literal credentials in a part of a definition (format.md 5.10). The finding never repeats the value. A template, a
 * `$secret` marker, or an empty text is none.
 */
export function checkCredentials(value: unknown, place: string): Diagnostic[] {
  if (Array.isArray(value)) return value.flatMap((item: unknown, index) => checkCredentials(item, at(place, index)));
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const here = at(place, key);
    if (typeof item !== 'string') return checkCredentials(item, here);
    const isSecret =
      secretNames.has(key.toLowerCase().replaceAll(/[-_]/g, '')) && item.trim() !== '' && !hasTemplate(item);
    if (!isSecret) return [];
    const message = `A credential stands in the workflow at "${here}". Whoever can read the workflow can read it; keep it in the server's settings.`;
    return [finding('credential_in_definition', here, message, { params: { key } })];
  });
}
