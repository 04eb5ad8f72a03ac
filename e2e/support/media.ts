import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject, MediaTaskResult, WorkflowResponse } from '@wfm/workflow-engine/models';

/** The question of a media module at a server, as a page sees it. */
export interface MediaQuestion {
  url: string;
  key: string;
  runId: string;
  interactionId: string;
}

export interface Frame {
  event: string;
  data: Record<string, unknown>;
}

export interface Ordered {
  executionId: string;
  /** Its stream, once that has ended. */
  frames: Promise<Frame[]>;
}

export function mediaQuestion({ url }: { url: string }, key: string, asked: WorkflowResponse): MediaQuestion {
  const interactionId = asked.interaction_request?.interaction_id ?? '';
  return { url, key, runId: asked.workflow_run_id ?? '', interactionId };
}

/** Orders from an open question by its sub-action, and follows the stream. */
export async function generate(
  { url, key, runId, interactionId }: MediaQuestion,
  params: { provider: string; action_type?: string; params: JsonObject },
): Promise<Ordered> {
  const address = `${url}/workflow/${runId}/sub-action`;
  const headers = { 'x-access-key': key, 'content-type': 'application/json' };
  const body = JSON.stringify({ interaction_id: interactionId, sub_action_id: 'generate', params });
  const reply = await fetch(address, { method: 'POST', headers: { ...headers, prefer: 'respond-async' }, body });
  if (reply.status !== 202) throw new Error(`${params.provider} was not ordered: ${await reply.text()}`);
  const { execution_id: executionId } = (await reply.json()) as { execution_id: string };
  const follow = async (): Promise<Frame[]> => {
    const text = await (await fetch(`${address}/${executionId}/stream`, { headers })).text();
    return [...text.matchAll(/^event: (\w+)\ndata: (.*)$/gm)].map(([, event = '', data = '{}']) => ({
      event,
      data: JSON.parse(data) as Frame['data'],
    }));
  };
  return { executionId, frames: follow() };
}

/** What a finished order has given. Throws what its stream ended with instead. */
export async function madeBy({ frames }: Ordered): Promise<MediaTaskResult> {
  const last = (await frames).at(-1);
  if (last?.event !== 'complete') throw new Error(`nothing was made: ${JSON.stringify(last)}`);
  return last.data as unknown as MediaTaskResult;
}

/** A file as a page loads it. */
export async function bytesOf({ url, key }: { url: string; key: string }, path: string) {
  const reply = await fetch(url + path, { headers: { 'x-access-key': key } });
  if (reply.status !== 200) throw new Error(`${path} is not there: ${reply.status}`);
  return { mime: reply.headers.get('content-type') ?? '', data: Buffer.from(await reply.arrayBuffer()) };
}

const has = (program: string): boolean => spawnSync('which', [program]).status === 0;

/** What is missing of what films are made with and files are looked at with. */
export const missingPrograms = ['ffmpeg', 'ffprobe', 'file'].filter((program) => !has(program));
if (missingPrograms.length > 0)
  console.warn(`What is made is told by its type alone, and no film is: ${missingPrograms.join(', ')} missing.`);

/** What `file` and `ffprobe` say of some bytes: the type, and the kinds of streams. */
export function probed(folder: string, data: Uint8Array): { type: string; streams: string[] } {
  const path = join(folder, 'probed');
  writeFileSync(path, data);
  const ask = (program: string, ...args: string[]): string =>
    spawnSync(program, [...args, path], { encoding: 'utf8' }).stdout.trim();
  const streams = ask('ffprobe', '-v', 'error', '-show_entries', 'stream=codec_name', '-of', 'csv=p=0');
  const type = ask('file', '-b', '--mime-type');
  rmSync(path);
  return { type, streams: streams.split(/\s+/).toSorted() };
}
