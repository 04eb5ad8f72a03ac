import { isJsonObject, type JsonObject } from '../../models/json.ts';
import type { ContentRow, GenerationRow } from '../../ports/media-store.ts';
import { mockPicture } from './mock-picture.ts';
import { mockSize } from './mock-size.ts';
import { mockTone, mockToneMs } from './mock-tone.ts';

/**
 * Mock media (format.md 17.5): bytes that are a function of a record, and of the short query that a record comes down
 * to, so that neither a snapshot nor a server has to keep them.
 */

/** All that mock bytes depend on. `text` is a line with who would have made it, and an excerpt of the prompt. */
export interface MockMediaQuery {
  kind: 'image' | 'video' | 'audio';
  /** In pixels; 0 for a sound. */
  w: number;
  h: number;
  text: string;
}

export interface MockMedia {
  mime: string;
  extension: string;
  data: Uint8Array;
  width: number | null;
  height: number | null;
  durationMs: number | null;
}

/** The part of a content record that its mock bytes depend on; the sizes may be unknown yet. */
export type MockContent = Pick<ContentRow, 'content_type' | 'index'> & Partial<Pick<ContentRow, 'width' | 'height'>>;
export type MockGeneration = Pick<GenerationRow, 'provider' | 'request_params'>;

/** Sides that a query may ask for, in pixels, and the length of its text in characters. */
export const mockMediaLimits = { least: 16, most: 2048, text: 400 };

const excerptChars = 240;
/** Where a prompt lies among request parameters, by provider (format.md 15.2). */
const promptFields = ['prompt', 'positive_prompt', 'natural_prompt', 'tag_prompt', 'text'];

/** The query of a mock record. */
export function mockMediaQuery(content: MockContent, generation: MockGeneration): MockMediaQuery {
  const params = generation.request_params;
  const label = `${generation.provider} ${content.index + 1}`.slice(0, 80);
  const text = `${label}\n${promptOf(params).slice(0, excerptChars)}`.toWellFormed();
  const kind = content.content_type === 'video.preview' ? 'image' : content.content_type;
  if (kind === 'audio') return { kind, w: 0, h: 0, text };
  const own = isJsonObject(params.params) ? { ...params, ...params.params } : params;
  const { width, height } = mockSize(own, kind);
  return { kind, w: clamp(content.width ?? width), h: clamp(content.height ?? height), text };
}

/** The bytes of a query: an SVG for a picture, an animated one for a video, a short WAV for a sound. */
export function renderMockMedia({ kind, w, h, text }: MockMediaQuery): MockMedia {
  if (kind === 'audio') {
    const data = mockTone(text);
    return { mime: 'audio/wav', extension: 'wav', data, width: null, height: null, durationMs: mockToneMs };
  }
  const [label = '', ...rest] = text.split('\n');
  const animated = kind === 'video';
  const svg = mockPicture({ width: w, height: h, label, text: rest.join(' '), animated });
  return {
    mime: 'image/svg+xml',
    extension: 'svg',
    data: new TextEncoder().encode(svg),
    width: w,
    height: h,
    durationMs: animated ? 6000 : null,
  };
}

/** The bytes of a mock record. */
export function mockMediaBytes(content: MockContent, generation: MockGeneration): MockMedia {
  return renderMockMedia(mockMediaQuery(content, generation));
}

/** The prompt among the request's parameters or one level below; empty where there is none. */
function promptOf(params: JsonObject): string {
  const inner = ['params', 'data', 'input'].map((name) => params[name]);
  const levels = [params, ...inner.flat().slice(0, 3).filter(isJsonObject)];
  for (const level of levels) {
    for (const name of promptFields) {
      const value = Object.hasOwn(level, name) ? level[name] : undefined;
      if (typeof value === 'string' && value.trim() !== '') return value;
    }
  }
  return '';
}

function clamp(pixels: number): number {
  return Math.min(mockMediaLimits.most, Math.max(mockMediaLimits.least, Math.round(pixels)));
}
