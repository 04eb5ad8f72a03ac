import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type HeadlessEditor, openHeadless } from '@wfm/editor/preview';
import { type FakeVendor, startFakeOpenai } from '@wfm/providers/testing';
import { loadConfig } from '@wfm/shared/core';
import { readFolder } from '@wfm/workflow-engine';
import type { PlanEntry } from '@wfm/workflow-engine/models';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { loadExample } from './support/examples.ts';
import { accessKeyOf, freePort, type Program, startProgram } from './support/programs.ts';

/** E12, E13, G1: what an edit of the content example costs, counted between the editor and a real preview server. */

const folder = mkdtempSync(join(tmpdir(), 'wfm-editor-preview-'));
const plainFetch = globalThis.fetch;
const env: Record<string, string> = { WFM_DATA_DIR: folder };
let programs: Program[] = [];
let vendor: FakeVendor;
let starts = 0;
let editor: HeadlessEditor;

beforeAll(async () => {
  vendor = await startFakeOpenai(() => ({ chunks: ['A text that was really written.'] }));
  Object.assign(env, {
    WFM_PORT: String(await freePort()),
    WFM_VIRTUAL_PORT: String(await freePort()),
    OPENAI_API_KEY: 'for-tests',
    OPENAI_BASE_URL: vendor.baseUrl,
  });
  const server = await startProgram('server', env);
  programs = [server, await startProgram('virtual-server', env)];
  const key = await accessKeyOf(server);
  // A page has a session's cookie; this process has a key.
  globalThis.fetch = (input, init = {}) => {
    const headers = new Headers(init.headers);
    headers.set('x-access-key', key);
    if (typeof input === 'string' && input.endsWith('/workflow/start')) starts += 1;
    return plainFetch(input, { ...init, headers });
  };
  await loadConfig({ VITE_API_URL: server.url });
});

afterEach(() => editor.close());

afterAll(async () => {
  globalThis.fetch = plainFetch;
  await Promise.all(programs.map((program) => program.end()));
  await vendor.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The content example up to its end, its questions answered by samples. */
async function openMuseum(key: string): Promise<Record<string, string>> {
  const { folder: museum } = await loadExample('pocket-museum');
  const decoder = new TextDecoder();
  const files = Object.fromEntries(
    [...(await readFolder(museum))].map(([path, bytes]) => [path, decoder.decode(bytes)]),
  );
  editor = openHeadless(files, 'workflow.json', key);
  editor.choose({ answers: 'sample' });
  await editor.settled();
  expect(editor.preview.getState()).toMatchObject({ phase: 'settled', response: { status: 'completed' } });
  return files;
}

const planNow = (): readonly PlanEntry[] => editor.preview.getState().response?.plan ?? [];
const nameOf = ({ step_id, module_name }: PlanEntry): string => `${step_id}/${module_name}`;
const stands = ({ action }: PlanEntry): boolean => action === 'reused' || action === 'answer_reapplied';

describe('50 edits of the content example, half of them near its end', () => {
  it('E12 each is one request once typing stops, and only what it touches is executed', async () => {
    const files = await openMuseum('fifty-edits');
    const near = ['prompts/thanks.j2', 'kit/write_thanks'] as const;
    const far = ['prompts/angles.j2', 'idea/propose_angles'] as const;
    const touched: number[] = [];
    for (let no = 0; no < 50; no += 1) {
      const [path, module] = no % 2 === 0 ? near : far;
      const typed = 'edit'.split('').map((_, at, word) => `${files[path]} ${word.slice(0, at + 1).join('')}${no}`);
      starts = 0;
      editor.type(path, typed);
      await editor.settled();
      expect(starts, `edit ${no}`).toBe(1);
      const plan = planNow();
      const at = plan.findIndex((entry) => nameOf(entry) === module);
      expect(plan[at], `edit ${no}`).toMatchObject({ action: 'mocked' });
      expect(
        plan
          .slice(0, at)
          .filter((entry) => !stands(entry))
          .map(nameOf),
        `edit ${no}`,
      ).toEqual([]);
      if (path === near[0]) touched.push(plan.filter((entry) => !stands(entry)).length);
    }
    // The thanks are read by the sheet alone, which is kept and handed out.
    expect(Math.max(...touched)).toBeLessThanOrEqual(4);
  });

  it('E13 20 edits in mock call no provider; in real nothing is called before somebody says so', async () => {
    const files = await openMuseum('twenty-edits');
    for (let no = 0; no < 20; no += 1) {
      editor.type('prompts/thanks.j2', [`${files['prompts/thanks.j2']} ${no}`]);
      await editor.settled();
    }
    expect(vendor.requests).toHaveLength(0);
    editor.select('kit/write_thanks');
    editor.choose({ modes: { 'kit/write_thanks': 'real' } });
    await editor.settled().catch(() => undefined);
    expect(editor.preview.getState()).toMatchObject({ phase: 'held', plan: { cost_unknown: 1 } });
    expect(vendor.requests).toHaveLength(0);
    await editor.preview.run(false, true);
    expect(editor.preview.getState().phase).toBe('settled');
    expect(vendor.requests).toHaveLength(1);
  });
});
