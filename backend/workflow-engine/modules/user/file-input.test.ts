import { describe, expect, it, vi } from 'vitest';
import type { ContentStore } from '../../ports/content-store.ts';
import { askModule, moduleContext } from '../testing/module-context.ts';
import { userFileInput } from './file-input.ts';
import { toDataUrl } from './support/answer-file.ts';
import { smallestBytes } from './support/sniff-type.ts';

const png = toDataUrl('image/png', smallestBytes('.png'));
const textUrl = (text: string) => `data:text/plain;base64,${Buffer.from(text).toString('base64')}`;

function contentWith(data: Uint8Array, mime = 'application/octet-stream', purpose: 'answer' | 'package' = 'answer') {
  const upload = {
    upload_id: 'u1',
    user_id: 'user-1',
    purpose,
    bytes: data.length,
    mime,
    created_at: '',
    expires_at: '',
  };
  return {
    getUpload: vi.fn<ContentStore['getUpload']>(async ({ uploadId, userId }) =>
      uploadId === 'u1' && userId === 'user-1' ? { upload, data } : null,
    ),
  } as unknown as ContentStore;
}

function ask(inputs: Record<string, unknown> = {}, content?: ContentStore) {
  return askModule(
    userFileInput,
    { prompt: 'Your photo', ...inputs },
    moduleContext(content ? { ports: { content } } : {}),
  );
}

describe('user.file_input', () => {
  it('14.1 asks with normal extensions and the largest size', async () => {
    expect((await ask({ extensions: ['PNG', '.jpg', '*.jpg'] })).draft).toMatchObject({
      interaction_type: 'file_input',
      title: 'Your photo',
      extensions: ['.png', '.jpg'],
      max_bytes: 10 * 1024 * 1024,
    });
  });

  it('11.2 a data URL is the file', async () => {
    const asked = await ask({ extensions: ['.png'] });
    expect(await asked.complete({ value: png, filename: 'C:\\photos\\pier.png' })).toEqual({
      value: png,
      filename: 'pier.png',
      jump_back_requested: false,
      jump_back_target: null,
    });
  });

  it.each([
    ['a picture under the name of another', png, 'pier.jpg', ['.png'], []],
    ['a text by its name', textUrl('a,b'), 'rows.csv', ['.csv'], []],
    ['an office file by its name', toDataUrl('application/zip', smallestBytes('.docx')), 'a.docx', ['.docx'], []],
    ['no list accepts all', textUrl('x'), 'x.exe', [], []],
    [
      'a program under the name of a picture',
      toDataUrl('image/png', smallestBytes('.exe')),
      'a.png',
      ['.png'],
      ['file_type_refused'],
    ],
    ['a text under the name of a picture', textUrl('hello'), 'a.png', ['.png'], ['file_type_refused']],
    ['a name that is not accepted', textUrl('hello'), 'a.md', ['.txt'], ['file_type_refused']],
    [
      'an archive under the name of another office file',
      toDataUrl('application/zip', smallestBytes('.zip')),
      'a.docx',
      ['.zip'],
      ['file_type_refused'],
    ],
  ])('14.1 type by magic bytes, then extension: %s', async (_name, value, filename, extensions, expected) => {
    const { failures } = await (await ask({ extensions })).intake({ value, filename });
    expect(failures.map(({ id }) => id)).toEqual(expected);
  });

  it('14.1 without a name one is made from the type', async () => {
    expect((await (await ask()).intake({ value: png })).response).toMatchObject({
      filename: 'file.png',
      mime: 'image/png',
    });
    expect((await (await ask()).intake({ value: 'data:,hello%20there', filename: '..' })).response).toMatchObject({
      filename: 'file.txt',
      value: textUrl('hello there'),
      bytes: 11,
    });
  });

  it('23 over 700 KB inside an answer is file_too_large, and nothing of it is stored', async () => {
    const big = textUrl('x'.repeat(701 * 1024));
    const intake = await (await ask()).intake({ value: big, filename: 'a.txt' });
    expect(intake.failures).toMatchObject([{ id: 'file_too_large', params: { limit: 700 * 1024 } }]);
    expect(intake.response).toEqual({});
  });

  it('14.1 a small upload moves into the answer', async () => {
    const asked = await ask({}, contentWith(smallestBytes('.png')));
    expect((await asked.intake({ value: 'upload:u1', filename: 'pier.png' })).response).toMatchObject({
      value: png,
      filename: 'pier.png',
    });
  });

  it('23 a larger upload stays outside the answer; its outputs hold it as a data URL', async () => {
    const data = new Uint8Array(1024 * 1024).fill(120);
    const asked = await ask({}, contentWith(data, 'text/plain'));
    const answer = { value: 'upload:u1', filename: 'a.txt' };
    const intake = await asked.intake(answer);
    expect(intake.response).toEqual({ value: 'upload:u1', filename: 'a.txt', mime: 'text/plain', bytes: data.length });
    expect(await asked.complete(answer)).toMatchObject({ value: toDataUrl('text/plain', data) });
  });

  it('23 a file too large for outputs stays an upload; over 10 MB it is refused', async () => {
    const huge = await ask({}, contentWith(new Uint8Array(5 * 1024 * 1024)));
    expect(await huge.complete({ value: 'upload:u1', filename: 'a.bin' })).toMatchObject({ value: 'upload:u1' });
    const over = await ask({}, contentWith(new Uint8Array(11 * 1024 * 1024)));
    expect((await over.intake({ value: 'upload:u1' })).failures).toMatchObject([
      { id: 'file_too_large', params: { limit: 10 * 1024 * 1024 } },
    ]);
  });

  it('14.1 an unknown upload, and one made for another purpose, are file_not_found', async () => {
    const asked = await ask({}, contentWith(new Uint8Array(1)));
    await expect(asked.intake({ value: 'upload:u2' })).rejects.toMatchObject({ code: 'file_not_found' });
    const other = await ask({}, contentWith(new Uint8Array(1), 'application/zip', 'package'));
    await expect(other.intake({ value: 'upload:u1' })).rejects.toMatchObject({ code: 'file_not_found' });
  });

  it.each(['/etc/passwd', 'C:\\pier.png', 'file:///etc/passwd', '../x', 'https://example.com/a.png'])(
    '14.1 file_path_refused: %s',
    async (value) => {
      await expect((await ask()).intake({ value })).rejects.toMatchObject({ code: 'file_path_refused' });
    },
  );

  it.each([[undefined], [''], [5], ['data:image/png;base64,***'], ['data:nonsense'], ['data:,%E0%A4%A']])(
    '10.4 response_invalid: %j',
    async (value) => {
      await expect((await ask()).intake({ value })).rejects.toMatchObject({ code: 'response_invalid' });
    },
  );

  it('14.1 the trigger keyword asks for a retry; a menu entry jumps (12.3)', async () => {
    const asked = await ask({ retry_options: { '1': { description: 'Back' } } });
    expect((await asked.intake({ value: 'r' })).departure).toEqual({ mode: 'retry' });
    expect((await asked.intake({ action_id: '1' })).departure).toEqual({ mode: 'jump', optionId: '1' });
  });

  it.each([
    [[]],
    [['.png', '.jpg']],
    [['.txt']],
    [['.jpg']],
    [['.pdf', '.md']],
    [['.docx']],
    [['.webp']],
    [['.mp4']],
    [['.odd']],
  ])('11.5 the sample is a pixel or an empty text, and valid: %j', async (extensions) => {
    const asked = await ask({ extensions });
    expect((await asked.intake(asked.sample())).failures).toEqual([]);
    expect(await asked.complete(asked.sample())).toHaveProperty('value');
  });
});
