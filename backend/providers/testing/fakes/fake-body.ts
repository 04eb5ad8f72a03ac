import { sampleFile, type SampleKind } from './sample-files.ts';

/** A text field of a multipart form; empty where there is none. */
export function formField(form: string, name: string): string {
  const marker = `name="${name}"\r\n\r\n`;
  const start = form.indexOf(marker);
  return start === -1 ? '' : (form.slice(start + marker.length).split('\r\n')[0] ?? '');
}

export function bytesOf(kind: SampleKind): Uint8Array<ArrayBuffer> {
  return sampleFile(kind).bytes;
}

/** A vendor's key is at least this long, and begins after the word that says how it is sent. */
export function isRefusedKey(value: string, scheme: string): boolean {
  return !value.startsWith(`${scheme} `) || value.length < scheme.length + 9;
}
