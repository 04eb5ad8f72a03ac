/** Reads back a JSON column that we wrote ourselves; its shape is the writer's. */
export function parseJson<T>(text: string): T {
  return JSON.parse(text) as T;
}
