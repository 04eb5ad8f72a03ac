import { randomUUID } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';
import { openMediaFiles } from '@wfm/db';
import type { WorkflowResponse } from '@wfm/workflow-engine/models';
import type { ContentRow, GenerationRow } from '@wfm/workflow-engine/ports';
import { definition } from './definitions.ts';
import type { Person } from './people.ts';
import type { Servers } from './servers.ts';

/** A question that has media made by the named providers. */
export function mediaQuestion(workflowId: string, prompts: Record<string, unknown>, inputs: object = {}) {
  return definition(workflowId, [
    {
      name: 'Make',
      modules: [
        {
          module_id: 'media.generate',
          name: 'pictures',
          inputs: { title: 'Pictures of the pier', prompts, schema: { type: 'object' }, ...inputs },
          outputs_to_state: { selected_content: 'picture' },
        },
      ],
    },
  ]);
}

/** A picture is rendered, then more is made of it. */
export function editQuestion(workflowId: string) {
  const [step] = mediaQuestion(
    workflowId,
    { local: { prompt: 'warmer' } },
    { action_type: 'img2img', source_image: '{{ state.pictures[0] }}' },
  ).steps;
  return definition(workflowId, [
    {
      name: 'Make',
      modules: [
        {
          module_id: 'media.render',
          name: 'draw',
          inputs: {
            provider: 'local',
            action_type: 'txt2img',
            params: { prompt: 'a pier at dusk', width: 1200, height: 800 },
          },
          outputs_to_state: { contents: 'pictures' },
        },
        ...(step?.modules ?? []),
      ],
    },
  ]);
}

/** Keeps pictures as if they had been made for the run's open question, four at a time. */
export async function keepPictures(
  { database, dataDir }: Servers,
  person: Person,
  run: WorkflowResponse,
  count: number,
): Promise<void> {
  const runId = run.workflow_run_id ?? '';
  const request = run.interaction_request;
  const files = openMediaFiles({ dataDir });
  const kept: { sha256: string; bytes: number }[] = [];
  for (let hue = 0; hue < 8; hue += 1) {
    kept.push(await files.put({ runId, data: once(png(hue)), maxBytes: 1_000_000 }));
  }
  for (let first = 0; first < count; first += 4) {
    const metadataId = randomUUID();
    const now = new Date(Date.UTC(2026, 0, 1) + first * 1000).toISOString();
    const generation: GenerationRow = {
      metadata_id: metadataId,
      workflow_run_id: runId,
      branch_id: run.branch_id ?? '',
      interaction_id: request?.interaction_id ?? null,
      step_id: request?.step_context.step_id ?? '',
      module_name: request?.step_context.module_name ?? '',
      user_id: person.userId,
      provider: 'local',
      vendor_job_id: null,
      prompt_id: 'default',
      prompt_key: 'local:default',
      action_type: 'txt2img',
      status: 'pending',
      request_params: { prompt: `pier number ${first / 4 + 1}`, seed: first },
      source_data: null,
      response_data: null,
      error: null,
      cost: null,
      mock: false,
      created_at: now,
      completed_at: null,
    };
    await database.media.create({ generation });
    const contents = Array.from({ length: Math.min(4, count - first) }, (_, index): ContentRow => {
      const { sha256, bytes } = kept[(first + index) % kept.length] ?? { sha256: '', bytes: 0 };
      return {
        content_id: randomUUID(),
        metadata_id: metadataId,
        workflow_run_id: runId,
        index,
        content_type: 'image',
        mime: 'image/png',
        extension: 'png',
        bytes,
        sha256,
        width: 96,
        height: 96,
        duration_ms: null,
        seed: first + index,
        provider_url: null,
        preview_content_id: null,
        mock: false,
        stored_at: now,
      };
    });
    await database.media.finish({ metadataId, status: 'completed', completedAt: now, contents });
  }
}

async function* once(data: Uint8Array): AsyncGenerator<Uint8Array> {
  yield data;
}

const SIDE = 96;

/** A small picture of one of eight colours. */
function png(hue: number): Uint8Array {
  const colour = [60 + hue * 24, 200 - hue * 20, 120 + (hue % 3) * 40];
  const rows = Buffer.concat(
    Array.from({ length: SIDE }, (_, y) =>
      Buffer.from([
        0,
        ...Array.from({ length: SIDE }, (_pixel, x) => ((x + y) % 24 < 12 ? colour : [245, 240, 230])).flat(),
      ]),
    ),
  );
  const head = Buffer.alloc(13);
  head.writeUInt32BE(SIDE, 0);
  head.writeUInt32BE(SIDE, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const framed = Buffer.alloc(8);
  framed.writeUInt32BE(data.length, 0);
  framed.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([framed.subarray(0, 4), body, framed.subarray(4)]);
}
