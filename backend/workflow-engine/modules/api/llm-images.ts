import { WfmError } from '../../errors/index.ts';
import { limits } from '../../models/limits.ts';
import type { LlmPart } from '../../ports/llm-provider.ts';

/**
 * An image part from what an author gave (format.md 14.2): a data URL, or a public https URL that the vendor fetches.
 *
 * @throws WfmError `image_refused` for anything else; a path of the host is never read
 */
export function imagePart(content: unknown, place: string): LlmPart {
  if (typeof content !== 'string')
    throw refused('An image is given as text: a data URL or a public https address.', place);
  const text = content.trim();
  if (text.startsWith('data:')) return fromDataUrl(text, place);
  if (/^https:/i.test(text)) return { type: 'image_url', url: publicUrl(text, place) };
  throw refused(
    'This image is neither a data URL nor a public https address. Files of the server are never read.',
    place,
  );
}

function fromDataUrl(text: string, place: string): LlmPart {
  const comma = text.indexOf(',');
  const head = text.slice(5, Math.max(comma, 5)).toLowerCase();
  const mime = head.split(';', 1)[0] ?? '';
  if (comma < 0 || !/^image\/[a-z0-9.+-]{1,60}$/.test(mime) || !head.endsWith(';base64')) {
    throw refused('The data URL is not an image in base64.', place);
  }
  const encoded = text.slice(comma + 1);
  if (encoded.length > (limits.answerFileBytes * 4) / 3 + 4) throw refused('The image is over 10 MB.', place);
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(encoded)) throw refused('The data URL is not valid base64.', place);
  return { type: 'image', mime, data: new Uint8Array(Buffer.from(encoded, 'base64')) };
}

function publicUrl(text: string, place: string): string {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw refused('The address of the image cannot be read.', place);
  }
  const host = url.hostname.toLowerCase();
  // The vendor fetches it, not we; still an address that only this network knows would tell the vendor about it.
  const named = host.includes('.') && /[a-z]/.test(host.slice(host.lastIndexOf('.'))) && !host.startsWith('[');
  const inner = /\.(?:local|localhost|internal|intranet|lan|home\.arpa)\.?$/.test(host);
  if (!named || inner || url.username !== '' || url.password !== '') {
    throw refused('The image must have a public https address, by a host name and without a user name.', place);
  }
  return url.href;
}

function refused(message: string, place: string): WfmError {
  return new WfmError('image_refused', message, { place });
}
