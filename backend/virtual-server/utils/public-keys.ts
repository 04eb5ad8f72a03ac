import { readFileSync } from 'node:fs';
import { keyFiles, readVerificationKeys, type VerificationKey } from '@wfm/http';

/** Public keys of the production server, which may be started after this one and then writes them for us. */
export interface PublicKeys {
  /** Filled as soon as keys are there; hand it on by reference. */
  readonly list: readonly VerificationKey[];
  /** Looks for keys again if there are none; true when there are some. Throws an Error for a file that is no key. */
  refresh(): boolean;
}

/** The configured keys, else those that the production server keeps in the data directory. */
export function loadPublicKeys(options: { dataDir: string; publicKeyPem: string | undefined }): PublicKeys {
  const list: VerificationKey[] = [];
  const keys: PublicKeys = {
    list,
    refresh() {
      if (list.length > 0) return true;
      const pem = options.publicKeyPem ?? readIfThere(keyFiles(options.dataDir).publicKey);
      if (pem !== undefined) list.push(...readVerificationKeys(pem));
      return list.length > 0;
    },
  };
  keys.refresh();
  return keys;
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
