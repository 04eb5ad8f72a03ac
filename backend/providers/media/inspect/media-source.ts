/** Bytes that can be read in part: a file of generated media, or a buffer. */
export interface MediaSource {
  size: number;
  /** The bytes from `start` to before `end`; fewer only where the file ends. */
  read(start: number, end: number): Promise<Uint8Array>;
}

/** Most bytes that one read asks for: each may be a request to a store far away. */
const CHUNK = 8 * 1024 * 1024;

/**
 * A source as the `Blob` that parsers of file headers take, so that they read the few ranges which they need, and never a
 * whole video.
 */
export class SourceBlob extends Blob {
  readonly #source: MediaSource;
  readonly #start: number;
  readonly #end: number;

  constructor(source: MediaSource, start = 0, end = source.size) {
    super();
    this.#source = source;
    this.#start = start;
    this.#end = end;
  }

  override get size(): number {
    return this.#end - this.#start;
  }

  override slice(start = 0, end = this.size): Blob {
    const at = (offset: number) => this.#start + Math.min(Math.max(offset, 0), this.size);
    return new SourceBlob(this.#source, at(start), Math.max(at(start), at(end)));
  }

  override async arrayBuffer(): Promise<ArrayBuffer> {
    const joined = new Uint8Array(this.size);
    for (let at = 0; at < joined.length; at += CHUNK) {
      const from = this.#start + at;
      joined.set(await this.#source.read(from, Math.min(this.#end, from + CHUNK)), at);
    }
    return joined.buffer;
  }
}

/** Bytes that are there already. */
export function sourceOf(bytes: Uint8Array): MediaSource {
  return { size: bytes.length, read: async (start, end) => bytes.subarray(start, end) };
}

/** All of a source; its size is the caller's to limit. */
export async function readAll(source: MediaSource): Promise<Uint8Array> {
  return new Uint8Array(await new SourceBlob(source).arrayBuffer());
}
