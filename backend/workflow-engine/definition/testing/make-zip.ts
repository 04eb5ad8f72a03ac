import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipPart {
  name: string | Buffer;
  data?: string | Uint8Array;
  /** 8 (deflate) unless given; 0 stores. */
  method?: number;
  /** General purpose flags; 1 is encryption. */
  flags?: number;
  /** Unix mode with file type, as in `0o120777` for a link. */
  mode?: number;
  /** What both headers claim instead of the truth. */
  claimedSize?: number;
  claimedCrc?: number;
  /** Takes the bytes of the part at this index instead of its own. */
  sharesBytesOf?: number;
}

const deflated = new WeakMap<Uint8Array, Buffer>();

/** Tests put the same large bytes into many parts; they are packed once. */
function deflate(key: string | Uint8Array, content: Buffer): Buffer {
  const known = typeof key === 'string' ? undefined : deflated.get(key);
  const packed = known ?? deflateRawSync(content);
  if (typeof key !== 'string') deflated.set(key, packed);
  return packed;
}

/** A ZIP file, as wrong as a test needs it. */
export function makeZip(parts: readonly ZipPart[], claimed: { entries?: number } = {}): Uint8Array {
  const bodies: Buffer[] = [];
  const central: Buffer[] = [];
  const offsets: number[] = [];
  let offset = 0;
  for (const part of parts) {
    const shared = part.sharesBytesOf === undefined ? undefined : offsets[part.sharesBytesOf];
    const content = typeof part.data === 'string' ? Buffer.from(part.data) : Buffer.from(part.data ?? '');
    const packed = (part.method ?? 8) === 8 ? deflate(part.data ?? '', content) : content;
    const name = Buffer.isBuffer(part.name) ? part.name : Buffer.from(part.name);
    const common = headerFields(part, content, packed, name);
    const local = Buffer.concat([Buffer.from([0x50, 0x4b, 3, 4]), common, name, packed]);
    const at = shared ?? offset;
    offsets.push(at);
    if (shared === undefined) {
      bodies.push(local);
      offset += local.length;
    }
    central.push(centralHeader(common, name, part.mode ?? 0o100644, at));
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(claimed.entries ?? parts.length, 8);
  end.writeUInt16LE(claimed.entries ?? parts.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return new Uint8Array(Buffer.concat([...bodies, directory, end]));
}

/** The 26 bytes that both headers share, from the version needed to the length of the extra field. */
function headerFields(part: ZipPart, content: Buffer, packed: Buffer, name: Buffer): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(part.flags ?? 0, 2);
  fields.writeUInt16LE(part.method ?? 8, 4);
  fields.writeUInt32LE(part.claimedCrc ?? crc32(content), 10);
  fields.writeUInt32LE(packed.length, 14);
  fields.writeUInt32LE(part.claimedSize ?? content.length, 18);
  fields.writeUInt16LE(name.length, 22);
  return fields;
}

function centralHeader(common: Buffer, name: Buffer, mode: number, offset: number): Buffer {
  const start = Buffer.from([0x50, 0x4b, 1, 2, 20, 3]);
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE((mode << 16) >>> 0, 6);
  rest.writeUInt32LE(offset, 10);
  return Buffer.concat([start, common, rest, name]);
}
