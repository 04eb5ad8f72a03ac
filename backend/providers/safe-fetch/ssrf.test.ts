import net from 'node:net';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { isWfmError } from '@wfm/workflow-engine/errors';
import { runs } from '@wfm/workflow-engine/testing';
import { startServer, type TestServer } from '../testing/http-server.ts';
import { createSafeFetch, type FetchSettings } from './safe-fetch.ts';
import type { Resolve } from './target.ts';

/**
 * The canary listens on loopback and its port is on the port list, so that the address check alone stands between a
 * trick and a connection. Names with public addresses lead to a stand-in, because no test may leave the machine.
 */
let canary: TestServer;
let standIn: TestServer;
let redirectTo = '';

beforeAll(async () => {
  canary = await startServer((_request, response) => void response.end('secret'));
  // Header bytes as a careless server sends them: UTF-8 as it is.
  const location = () => Buffer.from(redirectTo).toString('latin1');
  standIn = await startServer((_request, response) => void response.writeHead(302, { location: location() }).end());
});

afterEach(() => {
  vi.restoreAllMocks();
  if (canary.connections() > 0) throw new Error('the canary was reached');
});

afterAll(() => Promise.all([canary.close(), standIn.close()]));

const publicAddress = '93.184.215.14';
const toLoopback: Resolve = async () => [{ address: '127.0.0.1', family: 4 }];

async function attempt(url: string, resolve: Resolve = toLoopback, settings: FetchSettings = {}) {
  const client = createSafeFetch(settings, { resolve, ports: [80, canary.port] });
  const signal = new AbortController().signal;
  try {
    return { reply: await client.fetch({ url, method: 'GET', headers: {}, timeoutMs: 5_000, maxBytes: 1000, signal }) };
  } catch (thrown) {
    if (!isWfmError(thrown)) throw thrown;
    return {
      code: thrown.code,
      reason: thrown.params['reason'],
      text: JSON.stringify([thrown.message, thrown.params]),
    };
  }
}

/** Sends what should go to the public internet to the stand-in, and keeps which addresses were meant. */
function watchConnections(): string[] {
  const meant: string[] = [];
  const original = net.connect;
  vi.spyOn(net, 'connect').mockImplementation(((options: net.TcpNetConnectOpts) => {
    if (net.isIP(options.host ?? '') !== 0) meant.push(options.host ?? '');
    options.lookup?.(options.host ?? '', { all: true }, (_error, found) => {
      for (const entry of Array.isArray(found) ? found : []) meant.push(entry.address);
    });
    const toStandIn: net.LookupFunction = (_host, _options, answer) =>
      answer(null, [{ address: '127.0.0.1', family: 4 }]);
    return (original as (to: net.TcpNetConnectOpts) => net.Socket).call(net, {
      ...options,
      host: 'stand-in',
      port: standIn.port,
      lookup: toStandIn,
    });
  }) as typeof net.connect);
  return meant;
}

const hosts = [
  '127.0.0.1',
  '127.1',
  '127.0.1',
  '127.000.000.001',
  '2130706433',
  '0x7f000001',
  '0x7f.1',
  '0x7F.0x0.0x0.0x1',
  '017700000001',
  '0177.0.0.01',
  '0',
  '0.0.0.0',
  '127.0.0.1.',
  '１２７.0.0.1',
  '127。0。0。1',
  '%31%32%37.0.0.1',
  '⑯9.254.169.254',
  '169.254.169.254',
  '2852039166',
  '0xa9fea9fe',
  '10.0.0.1',
  '192.168.0.1',
  '100.100.100.200',
  '168.63.129.16',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '[::]',
  '[::127.0.0.1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::FFFF:7F00:0001]',
  '[0:0:0:0:0:ffff:127.0.0.1]',
  '[::ffff:0:127.0.0.1]',
  '[64:ff9b::127.0.0.1]',
  '[2002:7f00:1::1]',
  '[2001::7f00:1]',
  '[fe80::1]',
  '[fd00:ec2::254]',
  'localhost',
  'LOCALHOST.',
  'localhost.localdomain',
  'sub.localhost',
  '127.0.0.1.nip.example',
  'metadata.google.internal',
];

test.each(hosts)('S6 %s is refused without a connection', async (host) => {
  const result = await attempt(`http://${host}:${canary.port}/`);
  expect([result.code, result.reason]).toEqual(['url_refused', 'private_address']);
});

test.each([
  ['file:///etc/passwd', 'scheme'],
  ['ftp://127.0.0.1/', 'scheme'],
  ['gopher://127.0.0.1:6379/_x', 'scheme'],
  ['ws://127.0.0.1/', 'scheme'],
  ['data:text/plain,x', 'scheme'],
  ['mailto:a@b.example', 'scheme'],
  ['blob:http://127.0.0.1/x', 'scheme'],
  ['unix:/var/run/docker.sock', 'scheme'],
  ['http://user@a.example/', 'credentials'],
  ['http://user:secret@a.example/', 'credentials'],
  ['http://a.example@127.0.0.1/', 'credentials'],
  ['http://:x@a.example/', 'credentials'],
  ['http://a.example:22/', 'port'],
  ['http://a.example:6379/', 'port'],
  ['https://a.example:0/', 'port'],
  ['http://a.example:99999/', 'invalid_url'],
  ['http://', 'invalid_url'],
  ['//127.0.0.1/', 'invalid_url'],
  ['127.0.0.1', 'invalid_url'],
  ['http://[::1', 'invalid_url'],
  ['http://127.0.0.256/', 'invalid_url'],
  ['http://[fe80::1%25lo]/', 'invalid_url'],
  ['', 'invalid_url'],
])('S6 %s is refused by its form', async (url, reason) => {
  const result = await attempt(url);
  expect([result.code, result.reason]).toEqual(['url_refused', reason]);
  expect(result.text).not.toContain('secret');
});

test.each([
  'http:\\\\127.0.0.1:{port}\\',
  'http:127.0.0.1:{port}',
  'HTTP:///127.0.0.1:{port}/',
  ' http://127.0.0.1:{port}/',
  'ht\ntp://127.0.0.1:{port}/',
  'http://127.0.0.1:{port}#@a.example/',
  'http://127.0.0.1:{port}?a.example',
])('S6 what URL parsing forgives is refused as what it means: %j', async (url) => {
  const result = await attempt(url.replace('{port}', String(canary.port)));
  expect([result.code, result.reason]).toEqual(['url_refused', 'private_address']);
});

test('S6 one private address among public ones refuses the name', async () => {
  const result = await attempt('http://mixed.example/', async () => [
    { address: publicAddress, family: 4 },
    { address: '::1', family: 6 },
  ]);
  expect([result.code, result.reason]).toEqual(['url_refused', 'private_address']);
  expect(result.text).not.toMatch(/::1|93\.184/);
});

test('S6 a resolver that answers with no address at all refuses the name', async () => {
  const result = await attempt('http://odd.example/', async () => [{ address: 'localhost', family: 4 }]);
  expect([result.code, result.reason]).toEqual(['url_refused', 'private_address']);
});

test.each(hosts)('S6 a redirect to %s is refused', async (host) => {
  watchConnections();
  redirectTo = `http://${host}:${canary.port}/`;
  const before = standIn.requests.length;
  const result = await attempt('http://public.example/', async (name) => [
    { address: name === 'public.example' ? publicAddress : '127.0.0.1', family: 4 },
  ]);
  // Bytes beyond ASCII reach us as Latin-1, which is no host at all.
  const reason = /^[ -~]+$/.test(host) ? 'private_address' : 'invalid_url';
  expect([result.code, result.reason]).toEqual(['url_refused', reason]);
  expect(standIn.requests.length - before).toBe(1);
});

test.each([
  ['file:///etc/passwd', 'scheme'],
  ['//user:pw@public.example/', 'credentials'],
  ['http://public.example:25/', 'port'],
])('S6 a redirect to %s is refused by its form', async (location, reason) => {
  watchConnections();
  redirectTo = location;
  const result = await attempt('http://public.example/', async () => [{ address: publicAddress, family: 4 }]);
  expect([result.code, result.reason]).toEqual(['url_refused', reason]);
});

test('S6 200 flips of a rebinding name: the connection goes to the vetted address or nowhere', async () => {
  const meant = watchConnections();
  redirectTo = 'file:///end';
  let asked = 0;
  const rebinding: Resolve = async () => [{ address: asked++ % 2 === 0 ? publicAddress : '127.0.0.1', family: 4 }];
  const reasons: unknown[] = [];
  for (let i = 0; i < 200; i += 1) reasons.push((await attempt('http://rebind.example/', rebinding)).reason);
  expect(asked).toBe(200);
  expect(reasons.filter((reason) => reason === 'private_address')).toHaveLength(100);
  expect(meant).toEqual(Array.from({ length: 100 }, () => publicAddress));
});

test('14.2 WFM_FETCH_ONLY narrows, and does not make a private host public', async () => {
  const only = { only: ['listed.example', `127.0.0.1:${canary.port}`] };
  expect((await attempt('http://other.example/', undefined, only)).reason).toBe('not_listed');
  expect((await attempt('http://sub.listed.example/', undefined, only)).reason).toBe('not_listed');
  expect((await attempt('http://listed.example/', undefined, only)).reason).toBe('private_address');
  expect((await attempt(`http://127.0.0.1:${canary.port}/`, undefined, only)).reason).toBe('private_address');
});

test('14.2 WFM_FETCH_ALLOW opens the listed host and port alone', async () => {
  const allow = { allow: [`127.0.0.2:${canary.port}`], only: ['listed.example'] };
  expect((await attempt(`http://127.0.0.1:${canary.port}/`, undefined, allow)).reason).toBe('not_listed');
  expect((await attempt('http://127.0.0.2/', undefined, allow)).reason).toBe('not_listed');
  const open = { allow: ['127.0.0.2'] };
  expect((await attempt('http://127.0.0.2:6379/', undefined, open)).reason).toBe('port');
});

/** Writes one part of an IPv4 address in decimal, octal or hexadecimal, with more zeros than it needs. */
function part(value: number, base: number, zeros: number): string {
  if (base === 8) return `0${'0'.repeat(zeros)}${value.toString(8)}`;
  if (base === 16) return `0x${'0'.repeat(zeros)}${value.toString(16)}`;
  return String(value);
}

const privateIpv4 = fc.oneof(
  fc.integer({ min: 0x7f000000, max: 0x7fffffff }),
  fc.integer({ min: 0x0a000000, max: 0x0affffff }),
  fc.integer({ min: 0xac100000, max: 0xac1fffff }),
  fc.integer({ min: 0xc0a80000, max: 0xc0a8ffff }),
  fc.integer({ min: 0xa9fe0000, max: 0xa9feffff }),
  fc.integer({ min: 0x64400000, max: 0x647fffff }),
  fc.integer({ min: 0, max: 0x00ffffff }),
  fc.integer({ min: 0xe0000000, max: 0xffffffff }),
);

const notation = fc
  .record({
    address: privateIpv4,
    parts: fc.integer({ min: 1, max: 4 }),
    bases: fc.array(fc.constantFrom(8, 10, 16), { minLength: 4, maxLength: 4 }),
    zeros: fc.integer({ min: 0, max: 3 }),
    disguise: fc.constantFrom(
      'plain',
      'percent',
      'fullwidth',
      'dot',
      'mapped',
      'mappedHex',
      'nat64',
      'sixToFour',
      'compatible',
    ),
  })
  .map(({ address, parts, bases, zeros, disguise }) => {
    const octets = [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256);
    const dotted = octets.join('.');
    const high = Math.floor(address / 65_536).toString(16);
    const low = (address % 65_536).toString(16);
    if (disguise === 'mapped') return `[::ffff:${dotted}]`;
    if (disguise === 'mappedHex') return `[0:0::FFFF:${high}:${low}]`;
    if (disguise === 'nat64') return `[64:ff9b::${dotted}]`;
    if (disguise === 'sixToFour') return `[2002:${high}:${low}::]`;
    if (disguise === 'compatible') return `[::${dotted}]`;
    const rest = octets.slice(parts - 1).reduce((sum, octet) => sum * 256 + octet, 0);
    const written = [...octets.slice(0, parts - 1), rest]
      .map((value, at) => part(value, bases[at] ?? 10, zeros))
      .join('.');
    if (disguise === 'percent') return written.replace(/./g, (c) => `%${c.charCodeAt(0).toString(16)}`);
    if (disguise === 'fullwidth')
      return written.replace(/[0-9]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0));
    return disguise === 'dot' ? `${written}.` : written;
  });

test('S6 no notation of a private address gets through', async () => {
  await fc.assert(
    fc.asyncProperty(notation, async (host) => {
      const result = await attempt(`http://${host}:${canary.port}/`);
      expect([host, result.code, result.reason]).toEqual([host, 'url_refused', 'private_address']);
    }),
    { numRuns: runs(700, 10_000) },
  );
});
