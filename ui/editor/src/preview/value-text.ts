/** A value as a person reads it: text as it is, anything else as JSON. */
export function valueText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? '');
}

const mostShown = 20_000;

/** The beginning of a text that is too long to be looked at: a picture in base64 is one. */
export function shortened(text: string, most = mostShown): string {
  return text.length <= most ? text : `${text.slice(0, most)} …`;
}
