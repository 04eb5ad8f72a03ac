import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VirtualWorkflowResponse } from '@wfm/workflow-engine/models';
import { createProduction, waitingPostcard } from '../testing/production.ts';
import { postcard, targets } from '../testing/sample-workflows.ts';
import { createVirtualRig, type VirtualRig } from '../testing/virtual-rig.ts';

/** S7 over the table of routes as the server itself tells it: a route that is added is tried from then on. */

const production = createProduction();
const workflow = postcard();
let rig: VirtualRig;
let preview: VirtualWorkflowResponse;
let runId: string;
let routes: { method: 'POST' | 'PATCH'; path: string }[];
beforeAll(async () => {
  rig = await createVirtualRig({ production: production.database });
  preview = await rig.preview('/workflow/start', { workflow, virtual_db: null, ...targets.pickLine });
  runId = await waitingPostcard(production);
  const { paths } = (await rig.app.inject('/openapi.json')).json<{ paths: Record<string, object> }>();
  routes = Object.entries(paths)
    .filter(([path]) => path.startsWith('/workflow/'))
    .flatMap(([path, verbs]) =>
      Object.keys(verbs).map((verb) => ({ method: verb.toUpperCase() as 'POST', path: path.replace(/\{.*?\}/, 'x') })),
    );
});
afterAll(() => rig.close());

/** A body that every route of previews takes as its own, fields that it does not know aside. */
const bodies = (): Record<string, object> => {
  const { virtual_db, virtual_run_id } = preview;
  const own = { workflow, virtual_db };
  const module = { step_id: 'words', module_name: 'write_lines' };
  const question = { interaction_id: preview.interaction_request?.interaction_id };
  return {
    '/workflow/respond': { ...own, ...question, virtual_run_id, response: { value: 'x' } },
    '/workflow/retry': { ...own, ...module },
    '/workflow/jump': { ...own, ...module },
    '/workflow/sub-action': { ...own, ...question, sub_action_id: 'x' },
    '/workflow/files': { virtual_db, file_id: 'x' },
    '/workflow/generations': { virtual_db, ...question },
    '/workflow/media/preview': { virtual_db, provider: 'local', action_type: 'txt2img' },
    '/workflow/branches/x': { virtual_db, name: 'x' },
    '/workflow/branches/compare': { virtual_db, a: 'x', b: 'y' },
    '/workflow/open': { workflow_run_id: runId },
  };
};
const send = ({ method, path }: (typeof routes)[number], key?: string) =>
  rig.app.inject({
    method,
    url: path,
    headers: key === undefined ? {} : { 'x-access-key': key },
    payload: bodies()[path] ?? { workflow, virtual_db: preview.virtual_db },
  });

describe('whose previews they are', () => {
  it('S7 without a key every route is 401, with another person’s as if there were nothing', async () => {
    expect(routes.length).toBeGreaterThan(15);
    for (const route of routes) {
      expect({ ...route, status: (await send(route)).statusCode }).toEqual({ ...route, status: 401 });
      const reply = await send(route, rig.keys.bob);
      const expected = route.path === '/workflow/open' ? 'run_not_found' : 'snapshot_signature';
      expect({ ...route, code: reply.json<{ code: string }>().code }).toEqual({ ...route, code: expected });
    }
  });

  it('S7 to their owner they answer', async () => {
    for (const route of routes) {
      const { statusCode } = await send(route, rig.keys.ada);
      expect({ ...route, refused: statusCode === 401 || statusCode >= 500 }).toEqual({ ...route, refused: false });
    }
  });
});
