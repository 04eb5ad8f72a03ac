/** One gzip member (RFC 1952) taken apart as far as its extra field goes. */

const HEADER_BYTES = 10;
const TRAILER_BYTES = 8;
const FLAGS = 3;
/** FLG: the only flag that we write or take; file names, comments and header checksums are no part of a snapshot. */
const EXTRA = 4;

/** True for something that begins like a member made of deflate data, and is long enough to be one. */
export function looksLikeMember(bytes: Buffer): boolean {
  return bytes.length > HEADER_BYTES + TRAILER_BYTES && bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 8;
}

/**
 * The data of one subfield of the extra field, and the member as it is without the field. Null unless the field holds
 * that one subfield and nothing else, and no other part of the header is optional.
 *
 * @param id two characters that name the subfield
 */
export function takeExtra(bytes: Buffer, id: string): { data: Buffer; member: Buffer } | null {
  if (!looksLikeMember(bytes) || bytes[FLAGS] !== EXTRA) return null;
  const fieldLength = bytes.readUInt16LE(HEADER_BYTES);
  const start = HEADER_BYTES + 2;
  const end = start + fieldLength;
  if (fieldLength < 4 || bytes.length < end + TRAILER_BYTES) return null;
  if (bytes.toString('latin1', start, start + 2) !== id || bytes.readUInt16LE(start + 2) !== fieldLength - 4)
    return null;
  const header = Buffer.from(bytes.subarray(0, HEADER_BYTES));
  header[FLAGS] = 0;
  return { data: bytes.subarray(start + 4, end), member: Buffer.concat([header, bytes.subarray(end)]) };
}

/** The member with an extra field of one subfield; the inverse of `takeExtra`. `data` may have 65 531 bytes. */
export function giveExtra(member: Buffer, id: string, data: Buffer): Buffer {
  if (!looksLikeMember(member) || member[FLAGS] !== 0) throw new TypeError('not a gzip member without options');
  const header = Buffer.from(member.subarray(0, HEADER_BYTES));
  header[FLAGS] = EXTRA;
  const lengths = Buffer.alloc(6);
  lengths.writeUInt16LE(data.length + 4, 0);
  lengths.write(id, 2, 'latin1');
  lengths.writeUInt16LE(data.length, 4);
  return Buffer.concat([header, lengths, data, member.subarray(HEADER_BYTES)]);
}

/** Deflate data, checksum and length of a member without options; null for anything else. */
export function bodyOfMember(member: Buffer): { deflated: Buffer; crc: number; length: number } | null {
  if (!looksLikeMember(member) || member[FLAGS] !== 0) return null;
  const trailer = member.length - TRAILER_BYTES;
  return {
    deflated: member.subarray(HEADER_BYTES, trailer),
    crc: member.readUInt32LE(trailer),
    length: member.readUInt32LE(trailer + 4),
  };
}
