import { describe, expect, it } from 'vitest';
import { memoryMediaFiles } from '../../ports/memory/index.ts';
import { sampleContent, sampleGeneration, scriptedLlm } from '../../testing/index.ts';
import { expectCode } from '../../testing/index.ts';
import { moduleContext, runModule } from '../testing/module-context.ts';
import { apiLlm } from './llm.ts';

const bytes = new Uint8Array([0x89, 0x50, 0x4e, 0x47]);

/** A context whose run has one content. */
async function contextWith(own: { mock?: boolean; content_type?: 'image' | 'audio' } = {}) {
  const files = memoryMediaFiles();
  const data = async function* () {
    yield bytes;
  };
  const { sha256 } = await files.put({ runId: 'run-1', data: data(), maxBytes: 100 });
  const generation = sampleGeneration({ runId: 'run-1' }, { mock: own.mock ?? false });
  const content = sampleContent(generation, { sha256, bytes: 4, mime: 'image/png', mock: false, ...own });
  const llm = scriptedLlm();
  const media = {
    content: async ({ contentId }: { contentId: string }) => (contentId === content.content_id ? content : null),
    find: async () => ({ generation, contents: [content] }),
  };
  const ports = { llm, media: media as never, mediaFiles: files };
  return { llm, path: `media:${content.content_id}.png`, test: moduleContext({ ports }) };
}

const input = (content: unknown) => ({ input: ['What is this?', { type: 'image', content }] });

describe('15.4 pictures of the run in a prompt', () => {
  it('a content is sent as its bytes, by reference or as another module gave it', async () => {
    const { llm, path, test } = await contextWith();
    await runModule(apiLlm, input(path), test);
    await runModule(apiLlm, input({ local_path: path, url: '/x' }), test);
    for (const { request } of llm.calls) {
      expect(request.messages.at(-1)?.parts).toContainEqual({ type: 'image', mime: 'image/png', data: bytes });
    }
    expect(JSON.stringify(test.told.calls)).not.toContain('iVBOR');
  });

  it('17.6 a mock picture becomes a line with its prompt', async () => {
    const { llm, path, test } = await contextWith({ mock: true });
    await runModule(apiLlm, input(path), test);
    const said = JSON.stringify(llm.calls[0]?.request.messages);
    expect(said).toContain('A mock picture takes the place of: Ein Fuchs ✓');
    expect(said).not.toContain('"type":"image"');
  });

  it('a sound, and a content of another run, are refused', async () => {
    const { path, test } = await contextWith({ content_type: 'audio' });
    await expectCode(runModule(apiLlm, input(path), test), 'image_refused');
    const other = 'media:00000000-0000-7000-8000-000000000000.png';
    await expectCode(runModule(apiLlm, input(other), test), 'content_not_found');
  });
});
