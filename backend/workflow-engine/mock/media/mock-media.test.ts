import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sampleContent, sampleGeneration } from '../../testing/media-samples.ts';
import { mockMediaBytes, mockMediaLimits, mockMediaQuery, renderMockMedia } from './mock-media.ts';
import { escapeXml } from './mock-picture.ts';
import { mockSize } from './mock-size.ts';
import { wrapText } from './wrap-text.ts';

const generation = sampleGeneration(
  { runId: 'r' },
  { provider: 'leonardo', request_params: { prompt: 'A fox <in> "snow" & fog', aspect_ratio: '16:9' } },
);
const content = (type: 'image' | 'video' | 'audio') =>
  sampleContent(generation, { content_type: type, width: null, height: null });
const text = (data: Uint8Array) => new TextDecoder().decode(data);

test('17.5 a mock picture is an SVG that says MOCK, the provider and the prompt, escaped', () => {
  const picture = mockMediaBytes(content('image'), generation);
  expect(picture).toMatchObject({
    mime: 'image/svg+xml',
    extension: 'svg',
    width: 1024,
    height: 576,
    durationMs: null,
  });
  const svg = text(picture.data);
  expect(svg).toContain('>MOCK</text>');
  expect(svg).toContain('>leonardo 1</text>');
  expect(svg).toContain('A fox &lt;in&gt; &quot;snow&quot; &amp; fog');
  expect(svg).not.toContain('<in>');
  expect(svg).not.toContain('<animate');
});

test('17.5 a mock video is an animated SVG', () => {
  const video = mockMediaBytes(content('video'), generation);
  expect(video).toMatchObject({ mime: 'image/svg+xml', durationMs: 6000 });
  expect(text(video.data)).toContain('<animate');
});

test('17.5 a mock sound is a short WAV', () => {
  const { data, mime, durationMs } = mockMediaBytes(content('audio'), generation);
  expect([mime, durationMs]).toEqual(['audio/wav', 2000]);
  expect(text(data.slice(0, 4)) + text(data.slice(8, 12))).toBe('RIFFWAVE');
  const view = new DataView(data.buffer);
  expect(view.getUint32(40, true)).toBe(data.length - 44);
  expect(view.getUint32(24, true)).toBe(8000);
  const samples = new Int16Array(data.buffer, 44);
  expect(Math.max(...samples)).toBeGreaterThan(8000);
  expect(Math.abs(samples[0] ?? 1)).toBe(0);
});

test('17.5 bytes are a function of the record: equal ones for equal records, others for another place or prompt', () => {
  const bytes = (index: number, prompt: string) =>
    text(mockMediaBytes({ ...content('image'), index }, { ...generation, request_params: { prompt } }).data);
  expect(bytes(0, 'a')).toBe(bytes(0, 'a'));
  expect(new Set([bytes(0, 'a'), bytes(1, 'a'), bytes(0, 'b')]).size).toBe(3);
  const query = mockMediaQuery(content('image'), generation);
  expect(renderMockMedia(query)).toEqual(mockMediaBytes(content('image'), generation));
  const stored = { ...content('image'), width: 1024, height: 576 };
  expect(mockMediaQuery(stored, generation)).toEqual(query);
});

test('17.5 the prompt is found where a provider has it', () => {
  const shown = (request_params: Record<string, unknown>) =>
    mockMediaQuery(content('image'), { provider: 'p', request_params }).text;
  expect(shown({ params: { positive_prompt: 'deep' } })).toBe('p 1\ndeep');
  expect(shown({ data: [{ prompt: 'first' }, { prompt: 'second' }] })).toBe('p 1\nfirst');
  expect(shown({ prompt: 3 })).toBe('p 1\n');
});

test('17.5 whatever is in a record, the picture is well-formed text within its bounds', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 600 }), fc.string({ maxLength: 90 }), (prompt, provider) => {
      const query = mockMediaQuery(content('video'), { provider, request_params: { prompt } });
      expect(query.text.length).toBeLessThanOrEqual(mockMediaLimits.text);
      const svg = text(renderMockMedia(query).data);
      expect(svg).not.toMatch(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u);
      expect(svg.length).toBeLessThan(20_000);
      // Every tag is one of ours: nothing of the record has become markup.
      for (const [, tag] of svg.matchAll(/<\/?([^\s>/]*)/gu)) expect(knownTags).toContain(tag);
    }),
    { numRuns: 40 },
  );
});

const knownTags = [
  'svg',
  'title',
  'defs',
  'linearGradient',
  'stop',
  'rect',
  'circle',
  'path',
  'text',
  'animate',
  'animateTransform',
];

test('sizes follow the parameters, and stay drawable', () => {
  expect(mockSize({ width: 3000, height: 1500 }, 'image')).toEqual({ width: 1024, height: 512 });
  expect(mockSize({ size: '512x768' }, 'image')).toEqual({ width: 683, height: 1024 });
  expect(mockSize({ aspect_ratio: '9:16' }, 'video')).toEqual({ width: 576, height: 1024 });
  expect(mockSize({ size: 'auto', aspect_ratio: '0:9' }, 'video')).toEqual({ width: 1024, height: 576 });
  expect(mockSize({ width: 1, height: 99_999 }, 'image')).toEqual({ width: 64, height: 1024 });
  expect(mockSize({}, 'image')).toEqual({ width: 1024, height: 1024 });
});

test('text breaks between words, long words break, and what is too much ends in an ellipsis', () => {
  expect(wrapText('one two three', 4, 9)).toEqual(['one two', 'three']);
  expect(wrapText('abcdefghij', 2.1, 9)).toEqual(['abcd', 'efgh', 'ij']);
  expect(wrapText('日本語の文章', 2, 2)).toEqual(['日本', '語の …']);
  expect(wrapText('a b c d e', 1, 2)).toEqual(['a', 'b …']);
  expect(wrapText('  ', 4, 2)).toEqual([]);
});

test('XML gets no character that it does not know', () => {
  expect(escapeXml(`a\u0000\u0008<>&"'\ud800\uffff😀`)).toBe('a&lt;&gt;&amp;&quot;&#39;\ufffd😀');
});
