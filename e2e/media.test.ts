import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase, systemClock } from '@wfm/db';
import type { RunEvent } from '@wfm/workflow-engine/events';
import type { WorkflowResponse } from '@wfm/workflow-engine/models';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Example, loadExample } from './support/examples.ts';
import { eventsOf, previewHost } from './support/hosts.ts';
import { bytesOf, generate, madeBy, mediaQuestion, missingPrograms, probed } from './support/media.ts';
import { accessKeyOf, call, freePort, type Program, startProgram } from './support/programs.ts';

/** Media, made for real by a worker of its own, and mocked in a preview by the same path. */

const folder = mkdtempSync(join(tmpdir(), 'wfm-media-'));
const env: Record<string, string> = { WFM_DATA_DIR: folder };
let server: Program;
let virtual: Program;
let worker: Program;
let key: string;
let example: Example;
let museum: Example;

beforeAll(async () => {
  for (const name of ['WFM_PORT', 'WFM_VIRTUAL_PORT', 'WFM_WORKER_PORT']) env[name] = String(await freePort());
  server = await startProgram('server', env);
  virtual = await startProgram('virtual-server', env);
  worker = await startProgram('worker', env);
  key = await accessKeyOf(server);
  example = await loadExample('picture-postcard');
  museum = await loadExample('pocket-museum');
}, 60_000);

afterAll(async () => {
  expect(await Promise.all([server.end(), virtual.end(), worker.end()])).toEqual([0, 0, 0]);
  rmSync(folder, { recursive: true, force: true });
});

const get = <T>(path: string) => call<T>(key, 'GET', `${server.url}${path}`);
const status = (runId: string) => get<WorkflowResponse>(`/workflow/${runId}/status`);

/** Waits until the run needs a person, or ends: a worker works meanwhile. */
async function settled(runId: string): Promise<WorkflowResponse> {
  for (let waited = 0; waited < 60_000; waited += 100) {
    const now = await status(runId);
    if (now.status !== 'awaiting_task' && now.status !== 'processing') return now;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`the run does not come to rest:\n${worker.output()}`);
}

type Answer = Example['recorded']['answers'][number]['answer'];

/** Plays the recorded answers in production; `between` happens before each of them, and may answer otherwise. */
async function played(
  project: string,
  between: (at: string, asked: WorkflowResponse) => Promise<Answer | undefined> = async () => undefined,
  { loaded, recorded }: Example = example,
): Promise<WorkflowResponse> {
  const first = await call<WorkflowResponse>(key, 'POST', `${server.url}/workflow/start`, {
    project_name: project,
    workflow_content: loaded.resolved,
    confirm: true,
  });
  const runId = first.workflow_run_id ?? '';
  let now = await settled(runId);
  for (const { at, answer } of recorded.answers) {
    const other = await between(at, now);
    const request = now.interaction_request;
    expect(`${request?.step_context.step_id}/${request?.step_context.module_name}`).toBe(at);
    await call(key, 'POST', `${server.url}/workflow/respond`, {
      workflow_run_id: runId,
      interaction_id: request?.interaction_id,
      response: other ?? answer,
    });
    now = await settled(runId);
  }
  return now;
}

/** Answers where something is ordered by the result of that order. */
const choosing =
  (orders: Record<string, Parameters<typeof generate>[1]>) =>
  async (at: string, asked: WorkflowResponse): Promise<Answer | undefined> => {
    const ordered = orders[at];
    if (!ordered) return undefined;
    const { content_ids } = await madeBy(await generate(mediaQuestion(server, key, asked), ordered));
    return { selected_content_id: content_ids[0] ?? '' };
  };

const probe = async ({ url }: Content) => probed(folder, (await bytesOf({ url: server.url, key }, url)).data);

interface Content {
  content_id: string;
  url: string;
  mime: string;
}

/** What happened, module by module, without what was made. */
const shapeOf = (events: readonly RunEvent[]): string[] =>
  events
    .filter(({ type }) => !type.startsWith('workflow_'))
    .map(({ type, step_id, module_name }) => [type, step_id, module_name].filter(Boolean).join(' '));

async function lineOf(runId: string): Promise<RunEvent[]> {
  return (await get<{ items: RunEvent[] }>(`/workflow/${runId}/events?limit=200`)).items;
}

describe('the example picture-postcard', () => {
  it('15 completes in production with a worker of its own, and its files are real', async () => {
    const done = await played('a card');
    expect(done).toMatchObject({ status: 'completed' });
    const { pictures, sounds } = done.result as { pictures: Content[]; sounds: Content[] };
    expect([pictures.length, sounds.length]).toEqual([3, 1]);
    for (const { url, mime } of [...pictures, ...sounds]) {
      const sent = await bytesOf({ url: server.url, key }, url);
      expect(sent.mime).toBe(mime);
      const head = new TextDecoder('latin1').decode(sent.data.subarray(0, 16));
      expect(head).toMatch(mime === 'image/png' ? /^.PNG/ : /^RIFF....WAVE/s);
      if (missingPrograms.length > 0) continue;
      const streams = mime === 'image/png' ? ['png'] : ['pcm_s16le'];
      expect(probed(folder, sent.data)).toEqual({ type: mime.replace('/wav', '/x-wav'), streams });
    }
  }, 120_000);

  it.skipIf(missingPrograms.length > 0)(
    '13.6 a person has one more picture made, and a film of the chosen one, and takes both (needs ffmpeg, ffprobe, file)',
    async () => {
      const another = { provider: 'local', params: { prompt: 'the harbour by night', seed: 7 } };
      const film_params = { prompt: 'slowly to the left', seconds: 2, resolution: '360p' };
      const orders = { 'picture/ask_another': another, 'film/move_card': { provider: 'local', params: film_params } };
      const done = await played('a card that moves', choosing(orders));
      const { back, film } = done.result as { back: Content; film: Content };
      expect(await probe(back)).toEqual({ type: 'image/png', streams: ['png'] });
      expect(await probe(film)).toEqual({ type: 'video/mp4', streams: ['h264'] });
    },
    120_000,
  );

  it('5 a preview takes the same way, with mocks', async () => {
    const { workflow_run_id: runId } = await played('the way of a card');
    const run = await previewHost(virtual.url, key, { mock: true }).begin(example.loaded.resolved);
    let now = run.first as WorkflowResponse & { virtual_db: string };
    for (const { answer } of example.recorded.answers)
      now = (await run.respond(now.interaction_request?.interaction_id ?? '', answer)) as typeof now;
    const previewed = shapeOf(eventsOf(now.virtual_db));
    // A preview stops at its target, production goes on to the end.
    expect(previewed).toEqual(shapeOf(await lineOf(runId ?? '')).slice(0, previewed.length));
    expect(previewed.length).toBeGreaterThan(25);
  }, 120_000);

  it('21 the worker itself carries a run on to its next question, with no server there', async () => {
    const first = await call<WorkflowResponse>(key, 'POST', `${server.url}/workflow/start`, {
      project_name: 'a card from an empty house',
      workflow_content: example.loaded.resolved,
      confirm: true,
    });
    const runId = first.workflow_run_id ?? '';
    const answered = await call<WorkflowResponse>(key, 'POST', `${server.url}/workflow/respond`, {
      workflow_run_id: runId,
      interaction_id: first.interaction_request?.interaction_id,
      response: example.recorded.answers[0]?.answer,
    });
    expect(answered.status).toBe('awaiting_task');
    expect(await server.end('SIGKILL')).toBe('SIGKILL');
    const database = await openDatabase({ dataDir: folder, clock: systemClock(), role: 'follower' });
    const now = async () => (await database.runs.find({ runId }))?.status;
    await expect.poll(now, { timeout: 30_000 }).toBe('awaiting_input');
    await database.close();
    server = await startProgram('server', env);
    expect(await status(runId)).toMatchObject({ progress: { current_module: 'pick_picture' } });
  }, 60_000);

  it('R2 worker and server are killed before each answer, and nothing is lost or made twice', async () => {
    const done = await played('a card from a bad night', async () => {
      expect(await Promise.all([worker.end('SIGKILL'), server.end('SIGKILL')])).toEqual(['SIGKILL', 'SIGKILL']);
      server = await startProgram('server', env);
      worker = await startProgram('worker', env);
      return undefined;
    });
    expect(done.status).toBe('completed');
    const line = await lineOf(done.workflow_run_id ?? '');
    const finished = line.filter((event) => event.type === 'task_finished');
    expect(finished.map((event) => event.data)).toEqual([
      expect.objectContaining({ status: 'succeeded' }),
      expect.objectContaining({ status: 'succeeded' }),
    ]);
  }, 180_000);
});

describe('the example pocket-museum', () => {
  it('15 completes in production with a poster and music, and its files are real', async () => {
    const music = { model: 'local-music', prompt: 'calm night music', seconds: 4 };
    const orders = {
      'poster/draw_poster': {
        provider: 'local',
        params: { prompt: 'a lost key on wet cobbles', title: 'Nearly lost' },
      },
      'poster/score_evening': { provider: 'local', action_type: 'txt2audio', params: music },
    };
    const done = await played('a window with a poster', choosing(orders), museum);
    expect(done).toMatchObject({ status: 'completed' });
    const made = done.result as { poster: Content & { local_path: string }; music: Content; sheet: string };
    expect(made.sheet).toContain(`Poster: ${made.poster.local_path}`);
    for (const [content, type, stream] of [
      [made.poster, 'image/png', 'png'],
      [made.music, 'audio/wav', 'pcm_s16le'],
    ] as const) {
      expect((await bytesOf({ url: server.url, key }, content.url)).mime).toBe(type);
      if (missingPrograms.length > 0) continue;
      expect(await probe(content)).toEqual({ type: type.replace('/wav', '/x-wav'), streams: [stream] });
    }
  }, 120_000);

  it('17.5 goes the same way in a preview with mocks, and leaves nothing in production', async () => {
    const database = await openDatabase({ dataDir: folder, clock: systemClock(), role: 'follower' });
    const files = () => readdirSync(folder, { recursive: true }).map(String);
    const kept = async () => [await database.tasks.counts(), files().filter((name) => name.startsWith('media'))];
    const before = await kept();
    const end = { step: 'kit', module: 'keep_sheet' };
    const response = await call<{ status: string; state: { state_mapped: Record<string, Content> } }>(
      key,
      'POST',
      `${virtual.url}/workflow/start`,
      {
        workflow: museum.loaded.resolved,
        virtual_db: null,
        target_step_id: end.step,
        target_module_name: end.module,
        answers: 'sample',
      },
    );
    expect(response.status).toBe('target_reached');
    for (const [name, mime] of [
      ['poster', /^image\/svg\+xml/],
      ['music', /^audio\//],
    ] as const) {
      const content = response.state.state_mapped[name];
      const mock = await fetch(new URL(content?.url ?? '', virtual.url));
      expect([mock.status, mock.headers.get('content-type')]).toEqual([200, expect.stringMatching(mime)]);
    }
    expect(await kept()).toEqual(before);
    await database.close();
  }, 60_000);
});
