import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { VirtualWorkflowResponse } from '@wfm/workflow-engine/models';
import { postcard, targets } from '../testing/sample-workflows.ts';
import { createVirtualRig, type VirtualRig } from '../testing/virtual-rig.ts';

/** A model that thinks until somebody lets it, and knows when it is told to stop. */
function thinkingModel() {
  const asked = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const stopped = Promise.withResolvers<void>();
  return {
    asked: asked.promise,
    stopped: stopped.promise,
    release: () => release.resolve(),
    script: async (
      _request: unknown,
      _call: number,
      options: { signal: AbortSignal; onDelta?: (text: string) => void },
    ) => {
      options.signal.addEventListener('abort', () => stopped.resolve(), { once: true });
      asked.resolve();
      options.onDelta?.('{"lines"');
      await release.promise;
      return JSON.stringify({ lines: ['a', 'b', 'c'] });
    },
  };
}

const workflow = postcard();
const begin = { workflow, virtual_db: null, mock: false, answers: 'sample', ...targets.pickLine };

let model: ReturnType<typeof thinkingModel>;
let rig: VirtualRig;
let port: number;
beforeEach(async () => {
  model = thinkingModel();
  rig = await createVirtualRig({ script: model.script });
  await rig.app.listen({ host: '127.0.0.1', port: 0 });
  port = (rig.app.server.address() as AddressInfo).port;
});
afterEach(async () => {
  model.release();
  await rig.close();
});

interface Frame {
  id?: string;
  event: string;
  data: unknown;
}

/** A request over a real socket, whose client may go away. */
function open(body: object, accept = 'application/json') {
  const frames: Frame[] = [];
  const status = Promise.withResolvers<number>();
  const ended = Promise.withResolvers<string>();
  const client = request(
    {
      host: '127.0.0.1',
      port,
      method: 'POST',
      path: '/workflow/start',
      headers: { accept, 'content-type': 'application/json', 'x-access-key': rig.keys.ada },
    },
    (reply) => {
      let text = '';
      status.resolve(reply.statusCode ?? 0);
      reply.setEncoding('utf8');
      reply.on('data', (chunk: string) => {
        text += chunk;
        frames.splice(0, frames.length, ...framesOf(text));
      });
      reply.on('end', () => ended.resolve(text));
      reply.on('error', () => ended.resolve(text));
    },
  );
  client.on('error', () => {
    status.resolve(0);
    ended.resolve('');
  });
  client.end(JSON.stringify(body));
  return { frames, status: status.promise, ended: ended.promise, leave: () => client.destroy() };
}

function framesOf(text: string): Frame[] {
  return text
    .split('\n\n')
    .slice(0, -1)
    .filter((block) => !block.startsWith(':'))
    .map((block) => {
      const fields = new Map(
        block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
      );
      const id = fields.get('id');
      return {
        event: fields.get('event') ?? '',
        data: JSON.parse(fields.get('data') ?? 'null'),
        ...(id === undefined ? {} : { id }),
      };
    });
}

describe('a preview over a socket', () => {
  it('streams its events and progress, and ends with the whole answer', async () => {
    const stream = open(begin, 'text/event-stream');
    expect(await stream.status).toBe(200);
    await model.asked;
    model.release();
    await stream.ended;
    const kinds = stream.frames.map(({ event }) => event);
    expect(kinds.slice(0, 3)).toEqual(['workflow_created', 'step_started', 'module_started']);
    expect(kinds).toContain('progress');
    expect(kinds.at(-1)).toBe('complete');
    const answer = stream.frames.at(-1)?.data as VirtualWorkflowResponse;
    expect(answer).toMatchObject({ status: 'awaiting_input', mock: false, progress: { current_module: 'pick_line' } });
    const seqs = stream.frames.filter(({ id }) => id !== undefined).map(({ id }) => Number(id?.split(':')[1]));
    expect(seqs).toEqual(seqs.map((_, index) => index));
    expect(answer.last_seq).toBe(seqs.length - 1);
    const progress = stream.frames.find(({ event }) => event === 'progress');
    expect(progress).toMatchObject({ data: { module_name: 'write_lines', delta: '{"lines"' } });
    expect(progress).not.toHaveProperty('id');
  });

  it('what fails before anything has happened is a problem with its status', async () => {
    const stream = open({ ...begin, target_module_name: 'nobody' }, 'text/event-stream');
    expect(await stream.status).toBe(422);
    expect(JSON.parse(await stream.ended)).toMatchObject({ code: 'module_not_found' });
  });

  it('10.10.5 ends when its client goes, though its model never would', async () => {
    const client = open(begin);
    await model.asked;
    client.leave();
    await model.stopped;
    expect((await rig.app.inject('/health')).statusCode).toBe(200);
  });

  it('10.10.5 a stream that is closed ends its preview too', async () => {
    const stream = open(begin, 'text/event-stream');
    await model.asked;
    stream.leave();
    await model.stopped;
    expect((await rig.app.inject('/health')).statusCode).toBe(200);
  });

  it('10.10.5 a newer preview of the same tab ends the older with preview_superseded and runs', async () => {
    const older = open({ ...begin, preview_key: 'tab' });
    await model.asked;
    const newer = await rig.preview('/workflow/start', { ...begin, mock: true, preview_key: 'tab' });
    expect(newer.status).toBe('awaiting_input');
    expect(await older.status).toBe(409);
    expect(JSON.parse(await older.ended)).toMatchObject({ code: 'preview_superseded' });
    await model.stopped;
  });

  it('10.10.5 a superseded stream says so in its last frame', async () => {
    const older = open({ ...begin, preview_key: 'tab' }, 'text/event-stream');
    await model.asked;
    await rig.preview('/workflow/start', { ...begin, mock: true, preview_key: 'tab' });
    await older.ended;
    expect(older.frames.at(-1)).toMatchObject({ event: 'error', data: { code: 'preview_superseded', status: 409 } });
  });

  it('the fourth at once of one author is preview_busy; another author is served', async () => {
    const running = [open(begin), open(begin), open(begin)];
    await model.asked;
    await expect.poll(async () => (await rig.app.inject('/metrics')).body).toContain('wfm_previews{state="queued"} 2');
    expect(await rig.refusal('/workflow/start', begin)).toMatchObject({ status: 429, code: 'preview_busy' });
    const other = await rig.post('/workflow/start', { ...begin, mock: true }, rig.keys.bob);
    expect(other.statusCode).toBe(200);
    for (const client of running) client.leave();
    await expect.poll(async () => (await rig.app.inject('/metrics')).body).toContain('wfm_previews{state="queued"} 0');
  });
});

describe('time', () => {
  it('23 time with an open call to the outside does not count, time without does', async () => {
    const slow = await createVirtualRig({
      script: async () => {
        await new Promise((resolve) => setTimeout(resolve, 300));
        return JSON.stringify({ lines: ['a', 'b', 'c'] });
      },
      limits: { wallMs: 250, totalMs: 60_000 },
    });
    const done = await slow.preview('/workflow/start', { ...begin, ...targets.sign });
    expect(done.status).toBe('target_reached');
    await slow.close();
  });

  it('23 at its limit a preview stops with processing, and the next request goes on', async () => {
    const steps = Array.from({ length: 5 }, (_, index) => ({
      step_id: `s${index}`,
      modules: [
        {
          module_id: 'transform.extract',
          name: 'm',
          inputs: { value: index },
          outputs_to_state: { value: `v${index}` },
        },
      ],
    }));
    const many = { format: 2, workflow_id: 'many', steps };
    const short = await createVirtualRig({ limits: { wallMs: -1, totalMs: 60_000 } });
    const stopped = await short.preview('/workflow/start', { workflow: many, virtual_db: null });
    expect(stopped.status).toBe('processing');
    const rest = await rig.preview('/workflow/resume', { workflow: many, virtual_db: stopped.virtual_db });
    expect(rest).toMatchObject({ status: 'completed', virtual_run_id: stopped.virtual_run_id });
    await short.close();
  });

  it('23 at its last minute a preview stops with processing, and keeps what is done', async () => {
    const short = await createVirtualRig({ script: model.script, limits: { wallMs: 5_000, totalMs: 150 } });
    const stopped = await short.preview('/workflow/start', begin);
    expect(stopped).toMatchObject({ status: 'processing', state: { state_mapped: { city: 'Lisbon' } } });
    model.release();
    const rest = await rig.preview('/workflow/resume', { workflow, virtual_db: stopped.virtual_db, mock: false });
    expect(rest.progress.current_module).toBe('pick_line');
    await short.close();
  });
});
