import { randomUUID } from 'node:crypto';
import * as fc from 'fast-check';
import { runs } from '@wfm/workflow-engine/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { nameOf, requestFor, type RouteIds } from '../testing/route-requests.ts';
import { createServerRig, type ServerRig, startSample } from '../testing/server-rig.ts';

/** S1: no input crashes the server. fast-check prints the seed of a failure, which replays it. */

let rig: ServerRig;
let key: string;
let ids: RouteIds;
beforeAll(async () => {
  rig = await createServerRig();
  const { alice } = rig;
  const run = await startSample(alice);
  const [template] = (await alice.call('GET', '/workflow-templates')).json().items;
  key = (await alice.call('POST', '/auth/access-keys', { label: 'fuzz' })).json().access_key;
  ids = {
    run: run.workflow_run_id ?? '',
    template: template.template_id,
    version: template.newest_version_id,
    interaction: run.interaction_request?.interaction_id ?? '',
    branch: run.branch_id ?? '',
    file: 'f',
    key: 'k',
    task: 't',
    content: 'c',
    provider: 'local',
    code: 'code',
    checkpoint: 'checkpoint',
    invitation: 'invitation',
    user: 'user',
  };
});
afterAll(() => rig.close());

const oddText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '',
    ' ',
    '\0',
    '..',
    '../../etc/passwd',
    '%00',
    '{{ 7*7 }}',
    "' OR 1=1 --",
    '\u202E',
    '\uD800',
    'constructor',
    '🦄'.repeat(50),
    'x'.repeat(10_000),
  ),
);
const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  oddText,
  fc.jsonValue({ maxDepth: 4 }),
  fc.constantFrom(null, -1, 1e308, 0.1, 2 ** 53, [], {}, true),
  fc.constant(0).map(() => JSON.parse(`${'['.repeat(60)}${']'.repeat(60)}`) as unknown),
);

/** Puts an odd value somewhere into a body, or takes something away. */
function mutate(body: unknown, path: number[], value: unknown): unknown {
  if (typeof body !== 'object' || body === null || path.length === 0) return value;
  const entries = Object.entries(body);
  const at = (path[0] ?? 0) % (entries.length + 1);
  const [name, old] = entries[at] ?? ['odd_field', undefined];
  const changed = mutate(old, path.slice(1), value);
  const kept = Object.fromEntries([
    ...entries.filter(([other]) => other !== name),
    ...(changed === undefined ? [] : [[name, changed]]),
  ]);
  return Array.isArray(body) ? Object.values(kept) : kept;
}

const contentTypes = [
  'application/json',
  'application/json; charset=utf-16',
  'text/plain',
  'application/octet-stream',
  'multipart/form-data; boundary=x',
  'nonsense',
  '',
];

test(`S1 structured fuzz of every route: 0 x 5xx`, { timeout: 600_000 }, async () => {
  // The stream of one's own runs has no id that could be wrong, and does not end.
  const finite = rig.routes.filter(({ path }) => !path.includes('*') && path !== '/me/stream');
  const routes = new Map(finite.map((route) => [nameOf(route), route]));
  const request = fc.record({
    name: fc.constantFrom(...routes.keys()),
    path: fc.array(fc.nat(30), { maxLength: 5 }),
    value: fc.option(oddValue, { nil: undefined }),
    how: fc.constantFrom('body', 'body', 'body', 'id', 'query', 'truncated', 'type', 'header'),
    text: oddText,
    cut: fc.nat(200),
    type: fc.constantFrom(...contentTypes),
  });
  const statuses = new Map<number, number>();
  await fc.assert(
    fc.asyncProperty(request, async ({ name, path, value, how, text, cut, type }) => {
      const route = routes.get(name);
      if (!route) return;
      // Deleting and streaming want ids that do not exist: the one would end the test's run, the other does not end.
      const wild =
        how === 'id' || route.method === 'DELETE' || route.path.endsWith('/stream') || route.path.endsWith('/cancel');
      const odd = wild ? (text === '' ? randomUUID() : text.toWellFormed()) : undefined;
      const { method, url, body } = requestFor(
        route,
        odd === undefined ? ids : { ...ids, run: odd, template: odd, file: odd, branch: odd },
      );
      const mutated = how === 'body' ? mutate(body, path, value) : body;
      const json = JSON.stringify(mutated);
      const payload =
        json === undefined ? undefined : how === 'truncated' ? json.slice(0, cut % (json.length + 1)) : json;
      const headers: Record<string, string> = { 'x-access-key': key };
      if (payload !== undefined) headers['content-type'] = how === 'type' ? type : 'application/json';
      if (name === 'PATCH /workflow-templates/:template/draft') {
        const draft = await rig.app.inject({ url, headers: { 'x-access-key': key } });
        headers['if-match'] =
          how === 'header' ? encodeURIComponent(text.toWellFormed()) : String(draft.headers['etag']);
      }
      if (how === 'header')
        Object.assign(headers, {
          prefer: encodeURIComponent(text.toWellFormed()),
          'last-event-id': encodeURIComponent(text.toWellFormed()),
        });
      const query =
        how === 'query'
          ? `?limit=${encodeURIComponent(text.toWellFormed())}&cursor=${encodeURIComponent(text.toWellFormed())}&q=%00`
          : '';
      const reply = await rig.app.inject({
        method,
        url: url.split('?')[0] + (query || (url.includes('?') ? `?${url.split('?')[1]}` : '')),
        headers: { prefer: 'wait=1', ...headers },
        ...(payload === undefined ? {} : { payload }),
      });
      statuses.set(reply.statusCode, (statuses.get(reply.statusCode) ?? 0) + 1);
      if (reply.statusCode >= 500) throw new Error(`${name} answered ${reply.statusCode}: ${reply.body.slice(0, 500)}`);
      if (reply.statusCode >= 400) {
        const problem = reply.json();
        expect(problem).toMatchObject({
          status: reply.statusCode,
          code: expect.any(String),
          instance: reply.headers['x-request-id'],
        });
        expect(reply.body).not.toMatch(/node_modules|\.ts:\d|SQLITE|\/tmp\//);
      }
    }),
    { numRuns: runs(300, 10_000) },
  );
  // It would prove little if nothing got past the first check.
  expect(statuses.get(200) ?? 0).toBeGreaterThan(5);
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect((await rig.app.inject('/health')).statusCode).toBe(200);
});
