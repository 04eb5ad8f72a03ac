import { checkPackage } from '@wfm/workflow-engine/checks';
import { z } from 'zod';
import type { StoredFiles } from '../document/document.ts';
import type { CheckReply, CheckRequest } from './check-messages.ts';

// The pages' policy forbids code that is made at run time, in workers too (ux.md 2.6).
z.config({ jitless: true });

/** The same checks as the server's and the CLI's, off the page's own thread. */
globalThis.addEventListener('message', ({ data }: MessageEvent<CheckRequest>) => {
  const checked = checkPackage({ files: packageFiles(data.files), entryPoint: data.entryPoint });
  const reply: CheckReply = { id: data.id, ...checked };
  globalThis.postMessage(reply);
});

const encoder = new TextEncoder();

function packageFiles(files: StoredFiles): Map<string, Uint8Array> {
  return new Map(
    Object.entries(files).map(([path, content]) => [
      path,
      typeof content === 'string' ? encoder.encode(content) : bytesOf(content.base64),
    ]),
  );
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (char) => char.codePointAt(0) ?? 0);
}
