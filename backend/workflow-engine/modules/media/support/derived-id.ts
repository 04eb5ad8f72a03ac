import { hashOf } from '../../../definition/canonical-json.ts';

/** A UUID (version 8) that is a function of a text: the same work, done again after a crash, makes the same records. */
export function derivedId(text: string): string {
  const hex = hashOf(['derived-id', text]);
  const variant = (8 + (Number.parseInt(hex[16] ?? '0', 16) % 4)).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
