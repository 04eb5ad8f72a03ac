/** One kind of file that its first bytes give away, and the extensions that it goes by. */
export interface FileKind {
  mime: string;
  extensions: readonly string[];
}

interface Signature extends FileKind {
  /** Bytes as Latin-1 text, at `offset`. */
  magic: string;
  offset?: number;
  /** More bytes that tell kinds with one magic apart. */
  also?: { magic: string; offset: number };
}

const office = ['.zip', '.docx', '.xlsx', '.pptx', '.odt', '.ods', '.odp', '.epub', '.jar'];

const signatures: readonly Signature[] = [
  { mime: 'image/png', extensions: ['.png'], magic: '\x89PNG\r\n\x1a\n' },
  { mime: 'image/jpeg', extensions: ['.jpg', '.jpeg', '.jpe'], magic: '\xff\xd8\xff' },
  { mime: 'image/gif', extensions: ['.gif'], magic: 'GIF8' },
  { mime: 'image/webp', extensions: ['.webp'], magic: 'RIFF', also: { magic: 'WEBP', offset: 8 } },
  { mime: 'image/avif', extensions: ['.avif'], magic: 'ftypavif', offset: 4 },
  { mime: 'image/heic', extensions: ['.heic', '.heif'], magic: 'ftyphei', offset: 4 },
  { mime: 'image/bmp', extensions: ['.bmp'], magic: 'BM' },
  { mime: 'image/tiff', extensions: ['.tif', '.tiff'], magic: 'II*\0' },
  { mime: 'image/tiff', extensions: ['.tif', '.tiff'], magic: 'MM\0*' },
  { mime: 'image/x-icon', extensions: ['.ico'], magic: '\0\0\x01\0' },
  { mime: 'application/pdf', extensions: ['.pdf'], magic: '%PDF-' },
  { mime: 'application/zip', extensions: office, magic: 'PK\x03\x04' },
  { mime: 'application/gzip', extensions: ['.gz', '.tgz'], magic: '\x1f\x8b' },
  { mime: 'audio/wav', extensions: ['.wav'], magic: 'RIFF', also: { magic: 'WAVE', offset: 8 } },
  { mime: 'audio/mpeg', extensions: ['.mp3'], magic: 'ID3' },
  { mime: 'audio/mpeg', extensions: ['.mp3'], magic: '\xff\xfb' },
  { mime: 'audio/flac', extensions: ['.flac'], magic: 'fLaC' },
  { mime: 'audio/ogg', extensions: ['.ogg', '.oga', '.ogv', '.opus'], magic: 'OggS' },
  { mime: 'audio/mp4', extensions: ['.m4a'], magic: 'ftypM4A', offset: 4 },
  { mime: 'video/quicktime', extensions: ['.mov'], magic: 'ftypqt', offset: 4 },
  { mime: 'video/mp4', extensions: ['.mp4', '.m4v', '.mov', '.m4a'], magic: 'ftyp', offset: 4 },
  { mime: 'video/webm', extensions: ['.webm', '.mkv'], magic: '\x1aE\xdf\xa3' },
  { mime: 'application/x-msdownload', extensions: ['.exe', '.dll'], magic: 'MZ' },
  { mime: 'application/x-elf', extensions: ['.elf', '.so'], magic: '\x7fELF' },
];

/** Extensions whose files always begin with known bytes: such a name on other bytes is a lie. */
const signed = new Set(signatures.flatMap(({ extensions }) => extensions));

/** The kind of file that its first bytes say it is; undefined for text and for what we do not know. */
export function sniffType(bytes: Uint8Array): FileKind | undefined {
  const head = String.fromCharCode(...bytes.subarray(0, 32));
  return signatures.find(({ magic, offset = 0, also }) => {
    return head.startsWith(magic, offset) && (!also || head.startsWith(also.magic, also.offset));
  });
}

/** True for an extension (`.png`) whose files are known by their first bytes. */
export function isSignedExtension(extension: string): boolean {
  return signed.has(extension);
}

/** The fewest bytes that pass for the extension; none for text and the unknown. */
export function smallestBytes(extension: string): Uint8Array {
  const found = signatures.find(({ extensions }) => extensions.includes(extension));
  if (!found) return new Uint8Array();
  const length = Math.max(
    (found.offset ?? 0) + found.magic.length,
    found.also ? found.also.offset + found.also.magic.length : 0,
  );
  const bytes = Buffer.alloc(length);
  bytes.write(found.magic, found.offset ?? 0, 'latin1');
  if (found.also) bytes.write(found.also.magic, found.also.offset, 'latin1');
  return new Uint8Array(bytes);
}
