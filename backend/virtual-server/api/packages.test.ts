import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Module } from '@wfm/workflow-engine';
import { createVirtualRig, type VirtualRig } from '../testing/virtual-rig.ts';

/** `workflow.json` with a reference to `prompts/voice.txt`, and a second workflow beside it. */
const zip = `UEsDBBQAAAAIAAAAIVwofy0NjAAAAOEAAAANAAAAd29ya2Zsb3cuanNvblWNwQrDMAiGX6XIjqODHfcqY4TQWAhrakjsWhby7tUsl+Hl189PC8yUgmV4DPfrADul97zQbryTCXx9jOhAQGaMWUbP0mLnWVEgty3Y4a/pmJNds94f8ZA8sa6vNqBCeeWa79e4seoFPuQnbOmScNatmChEzrdGRj4YahWHNlbJMJnMlvHP7qHWl9QJUEsDBBQAAAAIAAAAIVz5i3MSDwAAAA0AAAARAAAAcHJvbXB0cy92b2ljZS50eHQLLkhNzFYozk8ryanUAwBQSwMEFAAAAAgAAAAhXGMxj86LAAAA4AAAAAoAAABvdGhlci5qc29uVY3RCoMwDEV/RcIeh4M97lfGkKKRyawp7XUK0n836foy8nJzT0570CjRO9CjuV8b2iR+xlm2bhq0IcGbI2mfwCFp8zxKrDgZ8jKsM1f4WypGdEuy51veNfew88V5Nqg/DcWflrDC9IO+MvVc0iXyaFchig9It0Ja7KCc1ZEVJnWQLsGB/+wacn7pnFBLAQIUAxQAAAAIAAAAIVwofy0NjAAAAOEAAAANAAAAAAAAAAAAAACAAQAAAAB3b3JrZmxvdy5qc29uUEsBAhQDFAAAAAgAAAAhXPmLcxIPAAAADQAAABEAAAAAAAAAAAAAAIABtwAAAHByb21wdHMvdm9pY2UudHh0UEsBAhQDFAAAAAgAAAAhXGMxj86LAAAA4AAAAAoAAAAAAAAAAAAAAIAB9QAAAG90aGVyLmpzb25QSwUGAAAAAAMAAwCyAAAAqAEAAAAA`;

const outputs = z.object({ file_id: z.string() });
/** Keeps a text as a file of the run, in our own store. */
const keepNote: Module = {
  id: 'test.keep_note',
  kind: 'effect',
  ownStore: true,
  revision: 1,
  title: 'Keep a note',
  description: 'Keeps a text as a file.',
  inputs: z.object({ text: z.string(), filename: z.string() }),
  outputs,
  ports: ['files'],
  async run(inputs, context) {
    const { text, filename } = inputs as { text: string; filename: string };
    const data = new TextEncoder().encode(text);
    const row = await context.ports.files.put({
      key: context.idempotencyKey,
      data,
      file: {
        file_id: 'note-1',
        workflow_run_id: context.workflowRunId,
        branch_id: context.branchId,
        category: 'outputs',
        group: null,
        filename,
        content_type: 'text',
        step_id: context.stepId,
        module_name: context.moduleName,
        bytes: data.length,
        created_at: context.now.toISOString(),
      },
    });
    return { file_id: row.file_id };
  },
};

let rig: VirtualRig;
beforeAll(async () => {
  rig = await createVirtualRig({ modules: [keepNote] });
});
afterAll(() => rig.close());

describe('a package', () => {
  it('1.1 is previewed from a ZIP with its entry point', async () => {
    const done = await rig.preview('/workflow/start', {
      workflow: zip,
      entry_point: 'workflow.json',
      virtual_db: null,
    });
    expect(done).toMatchObject({ status: 'completed', state: { state_mapped: { voice: 'Speak softly.' } } });
    const again = await rig.preview('/workflow/start', {
      workflow: zip,
      entry_point: 'workflow.json',
      virtual_db: done.virtual_db,
    });
    expect(again.virtual_run_id).toBe(done.virtual_run_id);
  });

  it('1.1 without an entry point must hold one workflow', async () => {
    const problem = await rig.refusal('/workflow/start', { workflow: zip, virtual_db: null });
    expect(problem).toMatchObject({ status: 400, code: 'entry_point_missing' });
  });

  it('1.2 that is no ZIP is refused at once, whatever it is', async () => {
    expect(await rig.refusal('/workflow/start', { workflow: 'not base64 ü', virtual_db: null })).toMatchObject({
      code: 'request_invalid',
    });
    expect(await rig.refusal('/workflow/start', { workflow: 'AAAA', virtual_db: null })).toMatchObject({
      status: 400,
      code: 'zip_invalid',
    });
  });

  it('1.4 sent as JSON it has no files to refer to', async () => {
    const inputs = { voice: { $ref: 'prompts/voice.txt' } };
    const workflow = {
      format: 2,
      workflow_id: 'w',
      steps: [{ step_id: 's', modules: [{ module_id: 'transform.extract', inputs }] }],
    };
    expect(await rig.refusal('/workflow/start', { workflow, virtual_db: null })).toMatchObject({
      code: 'ref_unresolvable',
    });
  });
});

describe('files of a preview', () => {
  it('travel in the snapshot, and come out as downloads', async () => {
    const modules = [
      { module_id: 'test.keep_note', name: 'note', inputs: { text: 'Grüße', filename: 'größe <1>.txt' } },
    ];
    const workflow = { format: 2, workflow_id: 'w', steps: [{ step_id: 's', modules }] };
    const { virtual_db, plan, state } = await rig.preview('/workflow/start', { workflow, virtual_db: null });
    expect(plan).toMatchObject([{ action: 'executed' }]);
    expect(state.files).toMatchObject({
      outputs: { children: { s: { children: { 'note-1': { _meta: { leaf: true } } } } } },
    });
    const reply = await rig.post('/workflow/files', { virtual_db, file_id: 'note-1' });
    expect(reply.statusCode).toBe(200);
    expect(reply.body).toBe('Grüße');
    expect(reply.headers).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'content-disposition': "attachment; filename*=UTF-8''gr%C3%B6%C3%9Fe%20%3C1%3E.txt",
      'x-content-type-options': 'nosniff',
    });
  });
});
