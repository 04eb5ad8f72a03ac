const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
/** An instant as the engine writes it, wherever it stands: a keyword remembers when it was last used. */
const instant = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z/g;

/**
 * The JSON text of a value as two runs that did the same have it: instants all read alike, and ids are numbered by first
 * appearance, in this text or in those that were given the same `numbers` before (format.md 8.7).
 */
export function comparableText(json: string, numbers = new Map<string, string>()): string {
  return json.replace(instant, 'time').replace(uuid, (id) => {
    const known = numbers.get(id) ?? `id-${numbers.size + 1}`;
    numbers.set(id, known);
    return known;
  });
}
