import { promisify } from 'node:util';
import { constants, gunzip, gzip } from 'node:zlib';
import { Binary } from 'mongodb';
import type { Packed } from './store-documents.ts';

const compress = promisify(gzip);
const inflate = promisify(gunzip);

/** Below this many characters a text stays readable in the database; above, compressing pays. */
const packFrom = 64 * 1024;

/** The text as it is stored. */
export async function pack(text: string): Promise<Packed> {
  if (text.length < packFrom) return text;
  return new Binary(await compress(text, { level: constants.Z_BEST_SPEED }));
}

/** The text again. */
export async function unpack(packed: Packed): Promise<string> {
  return typeof packed === 'string' ? packed : (await inflate(packed.buffer)).toString('utf8');
}

/** About how many bytes it takes in a document. */
export function packedSize(packed: Packed): number {
  return typeof packed === 'string' ? packed.length * 3 : packed.length();
}

/** Reads back JSON that we wrote ourselves; its shape is the writer's. */
export function parseJson<T>(text: string): T {
  return JSON.parse(text) as T;
}
