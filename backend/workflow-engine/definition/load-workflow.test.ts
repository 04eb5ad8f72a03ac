import { mkdtemp, rm, writeFile, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { limits } from '../models/limits.ts';
import { versionIdOf } from './canonical-json.ts';
import { loadWorkflow } from './load-workflow.ts';
import { readFolder } from './read-folder.ts';
import { readZip } from './read-zip.ts';
import { makeZip } from './testing/make-zip.ts';
import { packageOf, sampleRegistry } from './testing/sample-modules.ts';
import { inspectWorkflow } from './validate-workflow.ts';

const files = packageOf({
  'wf.json': { format: 2, workflow_id: 'x', steps: [{ $ref: 'steps/one.json' }] },
  'steps/one.json': { step_id: 'one', modules: [{ module_id: 'test.open', inputs: { a: { $ref: '../ask.j2' } } }] },
  'ask.j2': 'Hi {{ state.name }}\n',
  'notes.md': 'unused',
});

describe('1.5 equal content is one version', () => {
  it('as a folder, as a ZIP, and as resolved JSON', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'wfm-forms-'));
    await mkdir(join(folder, 'steps'));
    for (const [path, bytes] of files) await writeFile(join(folder, path), bytes);
    const fromFolder = loadWorkflow({ files: await readFolder(folder) });
    await rm(folder, { recursive: true });
    const zip = makeZip([...files].map(([name, data]) => ({ name, data })));
    const fromZip = loadWorkflow({ files: await readZip(zip), entryPoint: 'wf.json' });
    const fromJson = loadWorkflow({ json: JSON.parse(JSON.stringify(fromZip.resolved)) });
    expect(fromZip.versionId).toBe(fromFolder.versionId);
    expect(fromJson.versionId).toBe(fromFolder.versionId);
    expect(versionIdOf(fromFolder.resolved)).toBe(fromFolder.versionId);
    expect(fromFolder.versionId).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it('and other content is another', () => {
    const changed = new Map([...files, ['ask.j2', new TextEncoder().encode('Hi')]] as const);
    expect(loadWorkflow({ files: changed }).versionId).not.toBe(loadWorkflow({ files }).versionId);
  });
});

describe('loading', () => {
  it('3.8 tells of files that nothing refers to', () => {
    expect(loadWorkflow({ files }).diagnostics).toMatchObject([
      { code: 'file_unused', severity: 'info', file: 'notes.md', params: { file: 'notes.md' } },
    ]);
  });

  it('3.8 but not of saved previews and answers, which lie beside a workflow', () => {
    const beside = ['answers.json', 'preview.json', 'previews/all.preview.json', 'previews/settings/slow.json'];
    const more = new Map([...files, ...beside.map((path) => [path, new TextEncoder().encode('{}')] as const)]);
    expect(loadWorkflow({ files: more }).diagnostics.map(({ file }) => file)).toEqual(['notes.md']);
    const elsewhere = new Map([...files, ['steps/answers.json', new TextEncoder().encode('{}')] as const]);
    expect(loadWorkflow({ files: elsewhere }).diagnostics.map(({ file }) => file)).toContain('steps/answers.json');
  });

  it('throws one error that lists every fault by place', () => {
    const broken = packageOf({ 'wf.json': { steps: [{ $ref: 'b.json' }, { $ref: 'a.json' }] }, 'a.json': '{' });
    expect(() => loadWorkflow({ files: broken, entryPoint: 'wf.json' })).toThrow(
      expect.objectContaining({
        code: 'ref_not_found',
        place: 'steps[0]',
        errors: [
          expect.objectContaining({
            code: 'ref_not_found',
            path: 'steps[0]',
            params: expect.objectContaining({ file: 'wf.json' }),
          }),
          expect.objectContaining({
            code: 'json_invalid',
            path: 'steps[1]',
            params: expect.objectContaining({ file: 'a.json', line: 1 }),
          }),
        ],
      }),
    );
  });

  it('23 a definition over 1 MB is refused, and one nested over 64 levels', () => {
    const large = { workflow_id: 'x', steps: [], text: 'x'.repeat(limits.definitionBytes) };
    expect(() => loadWorkflow({ json: large })).toThrow(expect.objectContaining({ code: 'definition_too_large' }));
    let deep: unknown = 1;
    for (let level = 0; level < 100_000; level += 1) deep = [deep];
    expect(() => loadWorkflow({ json: deep })).toThrow(expect.objectContaining({ code: 'json_too_deep' }));
  });

  it('23 files that are flat alone but deep together are refused', () => {
    const nest = (inner: unknown): unknown => Array.from({ length: 40 }).reduce<unknown>((value) => [value], inner);
    const stacked = packageOf({ 'wf.json': { a: nest({ $ref: 'b.json' }) }, 'b.json': nest(1) });
    expect(() => loadWorkflow({ files: stacked, entryPoint: 'wf.json' })).toThrow(
      expect.objectContaining({ code: 'json_too_deep' }),
    );
  });
});

describe('inspecting what cannot be loaded whole', () => {
  it('names faults of loading and of meaning at once, each with its file, and none twice', () => {
    const broken = packageOf({
      'wf.json': { format: 2, workflow_id: 'x', steps: [{ $ref: 'one.json' }, { $ref: 'gone.json' }] },
      'one.json': {
        step_id: 'one',
        modules: [{ module_id: 'test.shape', inputs: { title: { $ref: 'gone.txt' }, count: 'many' } }],
      },
    });
    const found = inspectWorkflow({ files: broken }, sampleRegistry);
    expect(found.map(({ code, place, file, pointer }) => [code, place, file, pointer])).toEqual(
      [
        ['ref_not_found', 'steps[0].modules[0].inputs.title', 'one.json', '/modules/0/inputs/title'],
        ['input_invalid', 'steps[0].modules[0].inputs.count', 'one.json', '/modules/0/inputs/count'],
        ['ref_not_found', 'steps[1]', 'wf.json', '/steps/1'],
      ].sort((a, b) => (String(a[1]) < String(b[1]) ? -1 : 1)),
    );
  });

  it('throws nothing when there is no entry point', () => {
    expect(inspectWorkflow({ files: new Map() }, sampleRegistry)).toMatchObject([
      { code: 'entry_point_missing', structural: true },
    ]);
  });
});
