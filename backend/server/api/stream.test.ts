import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { WorkflowResponse } from '@wfm/workflow-engine/models';
import { firstAnswer, secondAnswer } from '../testing/sample-workflow.ts';
import { answer, createServerRig, type Person, type ServerRig, startSample } from '../testing/server-rig.ts';

/** The stream of a run over real sockets (api.md, SSE). */

let rig: ServerRig;
let url: string;
let alice: Person;
beforeAll(async () => {
  rig = await createServerRig({
    script: async (_request, _call, options) => {
      options.onDelta?.('Once ');
      return 'Once upon a time';
    },
  });
  alice = rig.alice;
  url = await rig.app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(() => rig.close());

interface Frame {
  id: string | undefined;
  event: string;
  data: { seq?: number; branch_id?: string; fork_seq?: number };
}

/** A client of a stream that keeps what it has seen. */
class Client {
  readonly frames: Frame[] = [];
  readonly #gone = new AbortController();
  #done: Promise<void> = Promise.resolve();

  static async open(run: WorkflowResponse, lastEventId?: string): Promise<Client> {
    const client = new Client();
    const headers: Record<string, string> = { cookie: `wfm_session=${alice.tokens.access}` };
    if (lastEventId !== undefined) headers['last-event-id'] = lastEventId;
    const reply = await fetch(`${url}/workflow/${run.workflow_run_id}/stream`, {
      headers,
      signal: client.#gone.signal,
    });
    if (!reply.ok) throw new Error(await reply.text());
    client.#done = client.#read(reply);
    return client;
  }

  async #read(reply: Response): Promise<void> {
    let rest = '';
    const decoder = new TextDecoder();
    try {
      for await (const chunk of reply.body ?? []) {
        rest += decoder.decode(chunk, { stream: true });
        const blocks = rest.split('\n\n');
        rest = blocks.pop() ?? '';
        for (const block of blocks) this.#take(block);
      }
    } catch (error) {
      if (!this.#gone.signal.aborted) throw error;
    }
  }

  #take(block: string): void {
    const fields = new Map(
      block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
    );
    const event = fields.get('event');
    if (event !== undefined)
      this.frames.push({ id: fields.get('id'), event, data: JSON.parse(fields.get('data') ?? 'null') });
  }

  get events(): Frame[] {
    return this.frames.filter(({ id, event }) => id !== undefined && event !== 'branch');
  }

  get lastId(): string | undefined {
    return this.events.at(-1)?.id;
  }

  async until(event: string, count = 1): Promise<Frame> {
    const matching = () => this.frames.filter((frame) => frame.event === event);
    await expect.poll(() => matching().length, { timeout: 5_000, interval: 5 }).toBeGreaterThanOrEqual(count);
    return matching()[count - 1] as Frame;
  }

  async close(): Promise<void> {
    this.#gone.abort();
    await this.#done;
  }

  get ended(): Promise<void> {
    return this.#done;
  }
}

async function stored(run: WorkflowResponse): Promise<string[]> {
  const page = (await alice.call('GET', `/workflow/${run.workflow_run_id}/events?limit=1000`)).json();
  return page.items.map(({ seq }: { seq: number }) => `${page.branch_id}:${seq}`);
}

describe('the stream of a run', () => {
  test('it is the log, as it grows, with progress in between', async () => {
    const run = await startSample(alice, 'watched');
    const client = await Client.open(run);
    await client.until('interaction_requested');
    await answer(alice, await answer(alice, run, firstAnswer), secondAnswer);
    await client.until('workflow_completed');
    expect(client.events.map(({ id }) => id)).toEqual(await stored(run));
    expect(client.frames.some(({ event, id }) => event === 'progress' && id === undefined)).toBe(true);
    await client.close();
  });

  test('R16 cut anywhere, Last-Event-ID goes on where the client was: nothing lost, nothing twice', async () => {
    const run = await startSample(alice, 'cut');
    await answer(alice, await answer(alice, run, firstAnswer), secondAnswer);
    const all = await stored(run);
    for (let cut = 0; cut < all.length - 1; cut += 1) {
      const client = await Client.open(run, all[cut]);
      await client.until('workflow_completed');
      expect(client.events.map(({ id }) => id)).toEqual(all.slice(cut + 1));
      await client.close();
    }
  });

  test('a retry leads a watching client onto the new branch, and a returning one too', async () => {
    const run = await startSample(alice, 'branching');
    const watching = await Client.open(run);
    await answer(alice, run, firstAnswer);
    await watching.until('interaction_requested', 2);
    const old = watching.lastId;
    const retried = (
      await alice.call('POST', '/workflow/retry', {
        workflow_run_id: run.workflow_run_id,
        step_id: 'ask',
        module_name: 'join',
      })
    ).json<WorkflowResponse>();
    const branch = await watching.until('branch');
    expect(branch.data.branch_id).toBe(retried.branch_id);
    await watching.until('interaction_requested', 3);
    const after = watching.frames.slice(watching.frames.indexOf(branch) + 1).filter(({ id }) => id !== undefined);
    expect(after[0]?.id).toBe(`${retried.branch_id}:${(branch.data.fork_seq ?? 0) + 1}`);
    expect(after[0]?.event).toBe('branch_created');
    const line = await stored(run);
    expect(after.map(({ id }) => id)).toEqual(line.slice((branch.data.fork_seq ?? 0) + 1));
    await watching.close();

    const returning = await Client.open(run, old);
    await returning.until('interaction_requested');
    expect(returning.frames[0]).toMatchObject({ event: 'branch', data: branch.data });
    expect(returning.events.map(({ id }) => id)).toEqual(after.map(({ id }) => id));
    await returning.close();
  });

  test('foreign and missing runs, and ids of another make, are problems before a stream begins', async () => {
    const run = await startSample(alice, 'refused');
    const path = `/workflow/${run.workflow_run_id}/stream`;
    expect((await rig.bob.call('GET', path)).json()).toMatchObject({ status: 404, code: 'run_not_found' });
    for (const id of ['x', 'a:b', 'a:-1', ':1', `${'b'.repeat(100)}:1`]) {
      expect((await alice.call('GET', path, undefined, { 'last-event-id': id })).json()).toMatchObject({
        status: 400,
        code: 'request_invalid',
      });
    }
  });

  test('many clients come and go without leaving anything behind', async () => {
    const run = await startSample(alice, 'crowd');
    const clients = await Promise.all(Array.from({ length: 20 }, () => Client.open(run)));
    await Promise.all(clients.map((client) => client.until('interaction_requested')));
    await Promise.all(clients.map((client) => client.close()));
    await expect
      .poll(() => new Promise((resolve) => rig.app.server.getConnections((_error, count) => resolve(count))))
      .toBeLessThanOrEqual(1);
  });

  test('R15 a stopping server says so, ends the stream, and refuses what is new', async () => {
    const run = await startSample(alice, 'stopped');
    const client = await Client.open(run);
    await client.until('interaction_requested');
    rig.app.startDraining();
    await client.until('shutdown');
    await client.ended;
    expect(client.frames.at(-1)?.event).toBe('shutdown');
    expect((await alice.call('GET', '/workflows')).json()).toMatchObject({ status: 503, code: 'shutting_down' });
  });
});
