import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { postcard, targets } from './sample-workflows.ts';
import { createVirtualRig } from './virtual-rig.ts';

/**
 * Started by a test as a process of its own, with `--expose-gc`: makes previews that succeed, are refused and are ended,
 * and prints what the process holds before and after them as JSON. Argument: how many rounds to measure.
 */

const workflow = postcard();
const begin = { workflow, virtual_db: null, ...targets.pickLine };
// A model that never answers by itself: a preview that asks it can only be ended.
const rig = await createVirtualRig({
  script: (_request, _call, { signal }) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    }),
});

async function round(): Promise<void> {
  const at = await rig.preview('/workflow/start', { ...begin, answers: 'sample' });
  await rig.post('/workflow/state', { virtual_db: at.virtual_db });
  await rig.refusal('/workflow/start', { ...begin, virtual_db: `${at.virtual_db.slice(0, -8)}AAAAAAA=` });
  const asked = rig.llm.calls.length;
  const endless = rig.refusal('/workflow/start', { ...begin, mock: false, answers: 'sample', preview_key: 'tab' });
  while (rig.llm.calls.length === asked) await new Promise((resolve) => setTimeout(resolve, 1));
  await rig.preview('/workflow/start', { ...begin, preview_key: 'tab' });
  const { code } = await endless;
  if (code !== 'preview_superseded') throw new Error(`a superseded preview ended with ${code}`);
  // The script remembers what it was asked; a server does not.
  rig.llm.calls.length = 0;
}

async function held() {
  for (let turn = 0; turn < 5; turn += 1) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    globalThis.gc?.();
  }
  return {
    heap: process.memoryUsage().heapUsed,
    handles: process.getActiveResourcesInfo().sort(),
    files: readdirSync(tmpdir()).filter((name) => name.startsWith('wfm-preview')).length,
  };
}

async function rounds(count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) await round();
}

await rounds(60);
const before = await held();
await rounds(Number(process.argv[2]));
const after = await held();
const metrics = (await rig.app.inject('/metrics')).body;
process.stdout.write(JSON.stringify({ before, after, metrics }));
await rig.close();
