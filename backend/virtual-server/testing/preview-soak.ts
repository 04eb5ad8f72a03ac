import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { postcard, targets } from './sample-workflows.ts';
import { createVirtualRig } from './virtual-rig.ts';

/**
 * Started by a test as a process of its own, with `--expose-gc`: makes previews that are answered, edited, gone back in,
 * refused and ended, and prints what the process holds before and after them as JSON. Argument: how many sessions to
 * measure; three are a round.
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

const descriptors = '/proc/self/fd';
const SESSIONS_A_ROUND = 3;
let made = 0;

/** A session as people have it: a question answered, the workflow edited, a module retried. Each has texts of its own. */
async function session(): Promise<void> {
  made += 1;
  const own = postcard({ ask: `Where to, number ${made}?` });
  const asked = await rig.preview('/workflow/start', { ...begin, workflow: own, ...targets.sign });
  const { virtual_run_id } = asked;
  const answered = await rig.preview('/workflow/respond', {
    workflow: own,
    ...targets.sign,
    virtual_db: asked.virtual_db,
    virtual_run_id,
    interaction_id: asked.interaction_request?.interaction_id,
    response: { value: `Town ${made}` },
  });
  const edited = await rig.preview('/workflow/start', {
    workflow: postcard({ ask: `Which town, number ${made}?` }),
    ...targets.sign,
    virtual_db: answered.virtual_db,
    answers: 'sample',
  });
  await rig.post('/workflow/retry', {
    workflow: own,
    ...targets.sign,
    virtual_db: edited.virtual_db,
    step_id: 'words',
    module_name: 'write_lines',
  });
}

async function round(): Promise<void> {
  await session();
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
    // Where the system tells of them.
    descriptors: existsSync(descriptors) ? readdirSync(descriptors).length : 0,
  };
}

async function sessions(count: number): Promise<void> {
  for (let index = 0; index < count; index += SESSIONS_A_ROUND) await round();
}

// Until everything that is kept on purpose, such as compiled definitions, has found its size.
await sessions(240);
const before = await held();
await sessions(Number(process.argv[2]));
const after = await held();
const metrics = (await rig.app.inject('/metrics')).body;
process.stdout.write(JSON.stringify({ before, after, metrics }));
await rig.close();
