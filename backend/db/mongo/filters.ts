/** A field that contains a text as it is; no pattern, so nothing in it needs escaping. */
export function contains(field: string, text: string): { $expr: object } {
  return { $expr: { $gte: [{ $indexOfCP: [`$${field}`, { $literal: text }] }, 0] } };
}
