import type { PackageFiles } from '@wfm/workflow-engine/definition';
import { limits } from '@wfm/workflow-engine/models';
import { deflateSync, type Zippable, zipSync } from 'fflate';

/** As old as a ZIP can say: the same version always exports to the same bytes. */
const mtime = new Date(1980, 0, 1);

/** A package as a ZIP that an import takes again: a file that packs suspiciously well (format.md 23) is not packed. */
export function zipPackage(files: PackageFiles): Uint8Array {
  const entries: Zippable = Object.create(null) as Zippable;
  for (const [path, bytes] of files) {
    const packed = deflateSync(bytes, { level: 6 }).length;
    entries[path] = [bytes, { level: packed * (limits.zipRatio / 2) < bytes.length ? 0 : 6, mtime }];
  }
  return zipSync(entries);
}
