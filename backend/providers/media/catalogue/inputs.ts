import type { MediaInputRule } from '@wfm/workflow-engine/ports';

const pictures = ['image/png', 'image/jpeg', 'image/webp'];
const MB = 1024 * 1024;

/** One picture to work on; `max` where several may go in. */
export function sourceInput(max = 1, maxBytes = 20 * MB): MediaInputRule {
  return { role: 'source', mime: pictures, min: 1, max, maxBytes };
}

/** Where its alpha is clear, the picture may change. */
export const maskInput: MediaInputRule = { role: 'mask', mime: ['image/png'], min: 0, max: 1, maxBytes: 4 * MB };

export const lastFrameInput: MediaInputRule = { role: 'last', mime: pictures, min: 0, max: 1, maxBytes: 20 * MB };

export const audioInput: MediaInputRule = {
  role: 'audio',
  mime: ['audio/*', 'video/mp4', 'video/webm'],
  min: 1,
  max: 1,
  maxBytes: 25 * MB,
};
