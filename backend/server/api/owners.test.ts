import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nameOf, requestFor, type RouteIds } from '../testing/route-requests.ts';
import { addMedia } from '../testing/sample-media.ts';
import { completeSample, createServerRig, type Person, type ServerRig, startSample } from '../testing/server-rig.ts';
import { appPages } from './routes/apps.ts';

/** S7: the matrix of routes and people, made from the route table. */

let rig: ServerRig;
let owned: RouteIds;
let missing: RouteIds;

beforeAll(async () => {
  rig = await createServerRig();
  const { alice } = rig;
  await completeSample(alice, 'finished');
  const waiting = await startSample(alice, 'waiting');
  const [template] = (await alice.call('GET', '/workflow-templates')).json().items;
  const key = (await alice.call('POST', '/auth/access-keys', { label: 'cli' })).json();
  owned = {
    run: waiting.workflow_run_id ?? '',
    template: template.template_id,
    version: template.newest_version_id,
    interaction: waiting.interaction_request?.interaction_id ?? '',
    branch: waiting.branch_id ?? '',
    file: 'file',
    key: key.key_id,
    ...(await addMedia(rig, waiting)),
    provider: 'local',
    code: 'code',
    checkpoint: 'checkpoint',
    invitation: 'invitation',
    user: 'user',
  };
  missing = { ...owned, run: randomUUID(), task: randomUUID(), template: randomUUID(), key: randomUUID() };
});
afterAll(() => rig.close());

const call = (person: Person, request: ReturnType<typeof requestFor>) =>
  person.call(request.method, request.url, request.body);

/** A body with what must differ taken out: the id asked for, and the request's own. */
function comparable(body: string, ids: RouteIds): string {
  let text = body.replace(/"instance":"[^"]+"/, '"instance":"-"');
  for (const id of [ids.run, ids.template, ids.key, ids.task]) text = text.replaceAll(id, '-');
  return text;
}

describe('S7 objects are owner-only', () => {
  test('every route names its rule, and every object has an owner', () => {
    // Files of the apps are anybody's; what they show is not in them.
    const open = rig.routes
      .filter((route) => route.access === 'public' && !/\/(assets\/:file|icon\.svg)$/.test(route.path))
      .map(nameOf);
    expect(open.filter((name) => !/virtual|plan|generations/.test(name))).toEqual([
      'GET /ready',
      'GET /metrics',
      'GET /config.json',
      'GET /',
      ...Object.values(appPages)
        .flat()
        .map((path) => `GET ${path}`),
      'POST /auth/login',
      'POST /auth/refresh',
      'POST /auth/logout',
      'GET /auth/invitations/:code',
      'POST /auth/register',
    ]);
    const owners = rig.routes.filter((route) => typeof route.owner === 'object');
    expect(owners.length).toBeGreaterThan(25);
  });

  test('nobody: 401 on everything that is not public, before anything else is looked at', async () => {
    for (const route of rig.routes.filter(({ access }) => access !== 'public')) {
      const { method, url } = requestFor(route, owned);
      const reply = await rig.anonymous({
        method,
        url,
        payload: '{"broken',
        headers: { 'content-type': 'application/json' },
      });
      expect([nameOf(route), reply.statusCode, reply.json().code]).toEqual([nameOf(route), 401, 'unauthenticated']);
    }
  });

  test('a disabled user: 401', async () => {
    const gone = await rig.person({ disabled: true });
    for (const route of rig.routes.filter(({ access }) => access !== 'public')) {
      expect([nameOf(route), (await call(gone, requestFor(route, owned))).statusCode]).toEqual([nameOf(route), 401]);
    }
  });

  test('strangers, administrators included: a foreign object is a missing one, byte for byte', async () => {
    const before = await everything();
    for (const route of rig.routes) {
      if (typeof route.owner !== 'object') continue;
      for (const stranger of [rig.bob, rig.admin]) {
        const foreign = await call(stranger, requestFor(route, owned));
        const absent = await call(stranger, requestFor(route, missing));
        const expected = route.access === 'admin' && stranger.user.role !== 'admin' ? 403 : 404;
        expect([nameOf(route), foreign.statusCode]).toEqual([nameOf(route), expected]);
        expect(comparable(foreign.body, owned)).toBe(comparable(absent.body, missing));
      }
    }
    expect(await everything()).toEqual(before);
  });

  test('S7 admin: members are kept out of what is for administrators', async () => {
    const guarded = rig.routes.filter(({ access }) => access === 'admin');
    expect(guarded.length).toBeGreaterThan(0);
    for (const route of guarded) {
      expect((await call(rig.alice, requestFor(route, owned))).json()).toMatchObject({
        status: 403,
        code: 'forbidden',
      });
    }
  });

  test("one's own lists hold nothing of others", async () => {
    for (const url of ['/workflows', '/inbox', '/workflow-templates', '/auth/access-keys', '/me/credentials']) {
      expect([url, (await rig.bob.call('GET', url)).json().items]).toEqual([url, []]);
    }
    expect((await rig.bob.call('GET', '/usage')).json()).toEqual({ items: [] });
  });

  test('the owner reaches every object', async () => {
    for (const route of rig.routes) {
      if (typeof route.owner !== 'object' || route.path.endsWith('/stream') || route.method === 'DELETE') continue;
      const reply = await call(rig.alice, requestFor(route, owned));
      const code = reply.headers['content-type']?.includes('problem') === true ? reply.json().code : '';
      expect([nameOf(route), reply.statusCode, code]).not.toEqual([nameOf(route), 404, 'run_not_found']);
      expect([401, 500]).not.toContain(reply.statusCode);
    }
  });
});

async function everything(): Promise<unknown> {
  const { alice } = rig;
  const urls = ['/workflows', '/workflow-templates', '/auth/access-keys', `/workflow/${owned.run}/events`];
  return Promise.all(urls.map(async (url) => (await alice.call('GET', url)).json()));
}
