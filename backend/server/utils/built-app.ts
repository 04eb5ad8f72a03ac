import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** A file of an app as it is served. */
export interface BuiltFile {
  type: string;
  data: Buffer;
  /** Absent where it would not be shorter. */
  gzip?: Buffer;
}

/** An app that Vite has built: its page, and hashed files by their path below the app's. */
export interface BuiltApp {
  page: BuiltFile;
  files: ReadonlyMap<string, BuiltFile>;
}

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};

/** Reads an app into memory, so that no request names a file of the disk. Null where it is not built. */
export function readBuiltApp(folder: string): BuiltApp | null {
  const files = new Map<string, BuiltFile>();
  let names: string[];
  try {
    names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  } catch {
    return null;
  }
  for (const name of names) {
    const type = types[extname(name)];
    if (type === undefined) continue;
    const data = readFileSync(join(folder, name));
    const packed = type.startsWith('image/png') || type.startsWith('font/') ? data : gzipSync(data, { level: 9 });
    files.set(name.replaceAll('\\', '/'), {
      type,
      data,
      ...(packed.length < data.length * 0.9 ? { gzip: packed } : {}),
    });
  }
  const page = files.get('index.html');
  return page ? { page, files } : null;
}
