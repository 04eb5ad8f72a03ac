import { describe, expect, it } from 'vitest';
import { askModule, runModule } from '../testing/module-context.ts';
import { storedRun } from '../testing/stored-run.ts';
import { ioClientWrite } from './client-write.ts';
import { ioLoadJson } from './load-json.ts';
import { ioSaveJson } from './save-json.ts';
import { ioWriteText } from './write-text.ts';

const textOf = (data: Uint8Array | undefined) => new TextDecoder().decode(data);

describe('io.save_json and io.load_json', () => {
  it('14.3 what was saved is loaded by its base name', async () => {
    const { context } = await storedRun();
    const saved = await runModule(ioSaveJson, { data: { city: 'Porto' }, file_path: 'out/Card.json' }, context());
    expect(saved).toMatchObject({ file_path: 'Card.json', success: true });
    const loaded = await runModule(ioLoadJson, { file_path: '/elsewhere/Card.json' }, context());
    expect(loaded).toEqual({ data: { city: 'Porto' }, file_exists: true, file_id: saved['file_id'] });
  });

  it('14.3 the newest file of the line is loaded, files of other branches are not seen', async () => {
    const { context } = await storedRun();
    await runModule(ioSaveJson, { data: 1, file_path: 'n.json' }, context());
    await runModule(ioSaveJson, { data: 2, file_path: 'n.json' }, context());
    await runModule(ioSaveJson, { data: 3, file_path: 'n.json' }, context({ branchId: 'other' }));
    expect(await runModule(ioLoadJson, { file_path: 'n.json' }, context())).toMatchObject({ data: 2 });
    const fork = context({ branchId: 'other', branchIds: ['other'] });
    expect(await runModule(ioLoadJson, { file_path: 'n.json' }, fork)).toMatchObject({ data: 3 });
  });

  it('14.3 the same key writes once, with the same id', async () => {
    const { context, database, runId } = await storedRun();
    const first = await runModule(ioSaveJson, { data: 1, file_path: 'n.json' }, context({ idempotencyKey: 'k' }));
    const again = await runModule(ioSaveJson, { data: 1, file_path: 'n.json' }, context({ idempotencyKey: 'k' }));
    expect(again).toEqual(first);
    expect(first['file_id']).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(await database.files.list({ runId })).toHaveLength(1);
  });

  it('14.3 target_path files it', async () => {
    const { context, database, runId } = await storedRun();
    for (const target_path of ['root', 'outputs', 'posters', null]) {
      await runModule(ioSaveJson, { data: 1, file_path: 'n.json', target_path }, context());
    }
    const filed = (await database.files.list({ runId })).map(({ category, group, content_type }) => [
      category,
      group,
      content_type,
    ]);
    expect(filed).toEqual([
      ['root', null, 'json'],
      ['outputs', null, 'json'],
      ['outputs', 'posters', 'json'],
      ['outputs', null, 'json'],
    ]);
  });

  it('14.3 a missing file is the default, or file_not_found', async () => {
    const { context } = await storedRun();
    await expect(runModule(ioLoadJson, { file_path: 'none.json' }, context())).rejects.toMatchObject({
      code: 'file_not_found',
    });
    expect(await runModule(ioLoadJson, { file_path: 'none.json', default: [] }, context())).toEqual({
      data: [],
      file_exists: false,
      file_id: null,
    });
    expect(await runModule(ioLoadJson, { file_path: 'none.json', required: false }, context())).toMatchObject({
      data: null,
    });
  });

  it('14.3 a file that is no JSON is json_invalid', async () => {
    const { context } = await storedRun();
    await runModule(ioWriteText, { content: 'hello', file_path: 'n.json' }, context());
    await expect(runModule(ioLoadJson, { file_path: 'n.json' }, context())).rejects.toMatchObject({
      code: 'json_invalid',
    });
  });

  it('14.3 a path without a name is file_path_refused', async () => {
    const { context } = await storedRun();
    await expect(runModule(ioSaveJson, { data: 1, file_path: '../' }, context())).rejects.toMatchObject({
      code: 'file_path_refused',
    });
  });
});

describe('io.write_text', () => {
  it('14.3 writes texts as they are and other data as JSON', async () => {
    const { context, database, runId } = await storedRun();
    const written = await runModule(
      ioWriteText,
      { content: 'Olá', file_path: 'a.txt', target_path: 'root' },
      context(),
    );
    expect(written).toMatchObject({ file_path: 'a.txt', bytes_written: 4 });
    const found = await database.files.read({ runId, fileId: String(written['file_id']) });
    expect(found?.file).toMatchObject({
      category: 'root',
      content_type: 'text',
      step_id: 'step',
      module_name: 'module',
    });
    expect(textOf(found?.data)).toBe('Olá');
    expect(await runModule(ioWriteText, { content: [1], file_path: 'b.txt' }, context())).toMatchObject({
      bytes_written: 7,
    });
  });
});

describe('io.client_write', () => {
  const ask = async (inputs: Record<string, unknown>) => {
    const run = await storedRun();
    return { ...run, asked: await askModule(ioClientWrite, inputs, run.context()) };
  };

  it.each([
    [
      { content: 'Dal', filename: 'x/card.txt' },
      { file_name: 'card.txt', file_content: 'Dal', file_content_type: 'text', file_destination: 'root' },
      'Dal',
    ],
    [
      { content: '{"a":1}', filename: 'card.json' },
      { file_content: { a: 1 }, file_content_type: 'json' },
      '{\n  "a": 1\n}',
    ],
    [
      { content: 'no json', filename: 'card.json', destination: 'ws' },
      { file_content: 'no json', file_content_type: 'json', file_destination: 'ws' },
      '"no json"',
    ],
    [
      { content: { a: 1 }, filename: 'card.md' },
      { file_content: '{\n  "a": 1\n}', file_content_type: 'text' },
      '{\n  "a": 1\n}',
    ],
    [
      { content: '[1]', filename: 'card.json', format: 'text' },
      { file_content: '[1]', file_content_type: 'text' },
      '[1]',
    ],
  ])('14.3 asks the client to save, and keeps the file with the run: %j', async (inputs, draft, kept) => {
    const { asked, database, runId } = await ask(inputs);
    expect(asked.draft).toMatchObject({ interaction_type: 'file_download', ...draft });
    const [file] = await database.files.list({ runId });
    expect(file).toMatchObject({
      category: 'root',
      filename: asked.question.request.interaction_type === 'file_download' && asked.question.request.file_name,
    });
    expect(textOf((await database.files.read({ runId, fileId: file?.file_id ?? '' }))?.data)).toBe(kept);
  });

  it('14.3 completes with where the client saved it', async () => {
    const { asked } = await ask({ content: 'x', filename: 'card.txt' });
    expect(await asked.complete({ file_written: true, file_path: '/home/me/card.txt' })).toEqual({
      file_path: '/home/me/card.txt',
      filename: 'card.txt',
      success: true,
    });
    expect(await asked.complete(asked.sample())).toMatchObject({ file_path: 'card.txt' });
    expect(asked.sample()).toEqual({ file_written: true, file_path: 'card.txt' });
  });

  it('14.3 file_written false is file_not_written', async () => {
    const { asked } = await ask({ content: 'x', filename: 'card.txt' });
    await expect(asked.complete({ file_written: false, file_error: 'Disk full.' })).rejects.toMatchObject({
      code: 'file_not_written',
      message: 'card.txt was not saved. Disk full.',
    });
    await expect(asked.intake({ value: 'x' })).rejects.toMatchObject({ code: 'response_invalid' });
  });
});
