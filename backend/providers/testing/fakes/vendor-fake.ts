import type { ServerResponse } from 'node:http';
import { type SeenRequest, startServer } from '../http-server.ts';
import { sampleFile, type SampleKind } from './sample-files.ts';
import { type Scenario, scenarioOf } from './scenario.ts';

export type FailureKind = 'rate' | 'busy' | 'credits' | 'auth' | 'policy' | 'invalid' | 'server';

export interface FakeOptions {
  /** Looks at an order until it is done; the first finds it queued. Default 2. */
  polls?: number;
  /** How long a held request takes, in ms. Default 30. */
  heldMs?: number;
}

/** One order that a fake accepted. */
export interface FakeCreate {
  id: string;
  path: string;
  /** The header that carried the key, as sent. */
  key: string;
  prompt: string;
  body: unknown;
}

export interface FakeJob extends FakeCreate {
  looks: number;
  scenario: Scenario | null;
  kind: SampleKind;
  count: number;
}

export interface VendorFake {
  url: string;
  /** `127.0.0.1:<port>`, for lists of allowed hosts. */
  host: string;
  /** Every order accepted, so every one that a vendor would bill. */
  creates: FakeCreate[];
  /** Orders that it was told to give up, and has. */
  cancels: string[];
  /** Every request, also failed ones. */
  requests: SeenRequest[];
  /** Requests that are open now. */
  open(): number;
  close(): Promise<void>;
}

/** What a vendor's handler works with. */
export interface FakeDesk {
  options: Required<FakeOptions>;
  /**
   * Begins an order: answers scenarios that fail or break the creating itself, and then gives null; otherwise the new
   * job, written to the journal.
   */
  create(
    seen: SeenRequest,
    response: ServerResponse,
    order: { prompt: string; body: unknown; kind: SampleKind; count: number },
  ): FakeJob | null;
  /** One look at a job: null when a scenario answered, or there is no such job. */
  look(id: string, response: ServerResponse): { job: FakeJob; state: 'queued' | 'running' | 'done' | 'failed' } | null;
  /** True where a scenario has answered a look, or will never answer it. */
  hasAnswered(response: ServerResponse): boolean;
  /** Gives an order up unless it is done; null when there is no such order. A look counts, as for the vendor's own clock. */
  cancel(id: string, response: ServerResponse): 'cancelled' | 'too_late' | null;
  fileUrls(job: FakeJob): string[];
  /** Answers with the first file of an order, or as its scenario has it; false when there is no such order. */
  sendFile(id: string, response: ServerResponse): boolean;
}

export interface FakeVendor {
  /** The header of the key, lower case, and whether a value is accepted. */
  keyHeader: string;
  accepts(value: string): boolean;
  /** The vendor's own reply to a failure; `key` as sent, for a vendor that quotes it. */
  failure(kind: FailureKind, key: string): { status: number; headers?: Record<string, string>; body: unknown };
  /** Answers a request; false for an address that the vendor lacks. */
  handle(seen: SeenRequest, response: ServerResponse, desk: FakeDesk): boolean | Promise<boolean>;
}

const failures = new Set<string>(['rate', 'busy', 'credits', 'auth', 'policy', 'invalid', 'server']);
const breaks = new Set<string>(['hang', 'cut', 'html', 'huge']);

/** A vendor on a free port of 127.0.0.1, with a memory of its orders. Scenarios: `scenario.ts`. */
export async function startVendorFake(vendor: FakeVendor, given: FakeOptions = {}): Promise<VendorFake> {
  const options = { polls: 2, heldMs: 30, ...given };
  const creates: FakeCreate[] = [];
  const cancels: string[] = [];
  const jobs = new Map<string, FakeJob>();
  /** Looks that are never answered. */
  const silent = new WeakSet<ServerResponse>();
  const happened = new Map<string, number>();
  let url = '';

  /** True for the first `times` of a scenario under one prompt. */
  const happens = (prompt: string, scenario: Scenario): boolean => {
    const before = happened.get(prompt) ?? 0;
    happened.set(prompt, before + 1);
    return before < scenario.times;
  };
  const keyOf = (seen: SeenRequest) => String(seen.headers[vendor.keyHeader] ?? '');

  const desk: FakeDesk = {
    options,
    create(seen, response, order) {
      const scenario = scenarioOf(order.prompt);
      const broken = scenario !== null && isOfCreating(scenario) && happens(order.prompt, scenario);
      if (broken && !breaks.has(scenario.name)) {
        fail(response, scenario, vendor, keyOf(seen));
        return null;
      }
      const id = `job-${String(creates.length + 1).padStart(4, '0')}`;
      const job: FakeJob = { id, path: seen.path, key: keyOf(seen), looks: 0, scenario, ...order };
      creates.push(job);
      jobs.set(id, job);
      if (!broken) return job;
      // The order stands, as it would at a vendor; only the answer does not arrive.
      fail(response, scenario, vendor, keyOf(seen));
      return null;
    },
    look(id, response) {
      const job = jobs.get(id);
      if (job === undefined) return null;
      const { scenario } = job;
      if (scenario?.name.endsWith('-poll') === true && happens(`${job.prompt}#poll`, scenario)) {
        const name = scenario.name.slice(0, -'-poll'.length);
        if (name === 'hang') silent.add(response);
        fail(response, { ...scenario, name }, vendor, job.key);
        return null;
      }
      job.looks += 1;
      const needed = scenario?.name === 'slow' ? Number(scenario.detail) : options.polls;
      if (job.looks === 1 && needed > 1) return { job, state: 'queued' };
      if (job.looks < needed) return { job, state: 'running' };
      return { job, state: scenario?.name === 'fail' ? 'failed' : 'done' };
    },
    hasAnswered: (response) => response.headersSent || response.destroyed || silent.has(response),
    cancel(id, response) {
      const found = desk.look(id, response);
      if (found === null) return null;
      if (found.state === 'done') return 'too_late';
      cancels.push(id);
      return 'cancelled';
    },
    sendFile(id, response) {
      const job = jobs.get(id);
      if (job === undefined) return false;
      const { scenario } = job;
      sendFile(response, job, scenario !== null && happens(`${job.prompt}#file`, scenario) ? scenario.name : '');
      return true;
    },
    fileUrls: (job) =>
      job.scenario?.name === 'none'
        ? []
        : Array.from({ length: job.count }, (_, index) => {
            const query = 'X-Amz-Signature=signed-by-the-fake';
            return `${url}/files/${job.id}/${index}.${sampleFile(job.kind).extension}?${query}`;
          }),
  };

  const server = await startServer(async (seen, response) => {
    const [path = ''] = seen.path.split('?');
    if (path.startsWith('/files/')) {
      const isSent = keyOf(seen) === '' && desk.sendFile(path.split('/')[2] ?? '', response);
      if (!isSent) response.writeHead(404).end();
      return;
    }
    if (!vendor.accepts(keyOf(seen))) reply(response, vendor.failure('auth', keyOf(seen)));
    else if (!(await vendor.handle(seen, response, desk)) && !desk.hasAnswered(response))
      sendJson(response, 404, { detail: 'Not Found' });
  });
  url = server.url;
  const host = `127.0.0.1:${server.port}`;
  return { url, host, creates, cancels, requests: server.requests, open: server.open, close: server.close };
}

/** Names in a body that the vendor does not know: an adapter that sends one has drifted from the documentation. */
export function unknownNames(body: object, known: readonly string[]): string[] {
  return Object.keys(body).filter((name) => !known.includes(name));
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function reply(response: ServerResponse, failure: ReturnType<FakeVendor['failure']>): void {
  for (const [name, value] of Object.entries(failure.headers ?? {})) response.setHeader(name, value);
  sendJson(response, failure.status, failure.body);
}

function isOfCreating({ name }: Scenario): boolean {
  return failures.has(name) || breaks.has(name) || name === 'echo-key';
}

function fail(response: ServerResponse, scenario: Scenario, vendor: FakeVendor, key: string): void {
  if (failures.has(scenario.name)) return reply(response, vendor.failure(scenario.name as FailureKind, ''));
  if (scenario.name === 'echo-key') return reply(response, vendor.failure('invalid', key));
  if (scenario.name === 'hang') return undefined;
  if (scenario.name === 'html') {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html><body>Bad gateway</body></html>');
    return undefined;
  }
  if (scenario.name === 'huge') {
    response.writeHead(200, { 'content-type': 'application/json' });
    return pour(response);
  }
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '5000' });
  response.write('{"data": {"unfinished": "');
  setTimeout(() => response.destroy(), 10);
  return undefined;
}

/** Sends without end, as fast as the other side reads. */
function pour(response: ServerResponse): void {
  const chunk = Buffer.alloc(256 * 1024, ' ');
  const more = () => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on('drain', more);
  more();
}

function sendFile(response: ServerResponse, job: FakeJob, scenario: string): void {
  const { bytes, mime } = sampleFile(job.kind);
  switch (scenario) {
    case 'expired':
      response.writeHead(403, { 'content-type': 'application/xml' }).end('<Error><Code>AccessDenied</Code></Error>');
      return;
    case 'redirect-private':
      response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data/' }).end();
      return;
    case 'wrong-type':
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Sign in first</html>');
      return;
    case 'hang-file':
      return;
    case 'empty':
      response.writeHead(200, { 'content-type': mime, 'content-length': '0' }).end();
      return;
    case 'cut-file':
      response.writeHead(200, { 'content-type': mime, 'content-length': String(bytes.byteLength) });
      response.write(bytes.subarray(0, 100));
      setTimeout(() => response.destroy(), 10);
      return;
    default:
      response.writeHead(200, { 'content-type': mime, 'content-length': String(bytes.byteLength) }).end(bytes);
  }
}
