import { WfmError } from '@wfm/workflow-engine/errors';
import { limits } from '@wfm/workflow-engine/models';

export type MediaKind = 'image' | 'video' | 'audio';

export interface MediaType {
  kind: MediaKind;
  mime: string;
  /** Without a dot. */
  extension: string;
  /** The demuxer of ffmpeg that reads it; named, so that no other one is guessed from hostile bytes. */
  demuxer: string | null;
}

const type = (kind: MediaKind, mime: string, extension: string, demuxer: string | null = null): MediaType => ({
  kind,
  mime,
  extension,
  demuxer,
});

/**
 * What vendors may send, by the name that sniffing gives. No SVG: it is a program as much as a picture. What browsers
 * cannot show (TIFF, PSD, AVI) is left out too.
 */
const accepted = new Map<string, MediaType>([
  ['image/png', type('image', 'image/png', 'png')],
  ['image/apng', type('image', 'image/png', 'png')],
  ['image/jpeg', type('image', 'image/jpeg', 'jpg')],
  ['image/webp', type('image', 'image/webp', 'webp')],
  ['image/gif', type('image', 'image/gif', 'gif')],
  ['image/avif', type('image', 'image/avif', 'avif')],
  ['video/mp4', type('video', 'video/mp4', 'mp4', 'mov')],
  ['video/x-m4v', type('video', 'video/mp4', 'mp4', 'mov')],
  ['video/quicktime', type('video', 'video/quicktime', 'mov', 'mov')],
  ['video/webm', type('video', 'video/webm', 'webm', 'matroska')],
  ['video/matroska', type('video', 'video/x-matroska', 'mkv', 'matroska')],
  ['video/x-matroska', type('video', 'video/x-matroska', 'mkv', 'matroska')],
  ['audio/mpeg', type('audio', 'audio/mpeg', 'mp3', 'mp3')],
  ['audio/wav', type('audio', 'audio/wav', 'wav', 'wav')],
  ['audio/vnd.wave', type('audio', 'audio/wav', 'wav', 'wav')],
  ['audio/flac', type('audio', 'audio/flac', 'flac', 'flac')],
  ['audio/x-flac', type('audio', 'audio/flac', 'flac', 'flac')],
  ['audio/ogg', type('audio', 'audio/ogg', 'ogg', 'ogg')],
  ['audio/aac', type('audio', 'audio/aac', 'aac', 'aac')],
  ['audio/mp4', type('audio', 'audio/mp4', 'm4a', 'mov')],
  ['audio/x-m4a', type('audio', 'audio/mp4', 'm4a', 'mov')],
  ['audio/m4a', type('audio', 'audio/mp4', 'm4a', 'mov')],
]);

/** The type under a sniffed or stored name, parameters (`; codecs=`) aside; null for one that is not accepted. */
export function acceptedType(mime: string | undefined): MediaType | null {
  return accepted.get(mime?.split(';', 1)[0]?.trim().toLowerCase() ?? '') ?? null;
}

/** A container that can hold both, and holds sound only. */
export function asSound(found: MediaType): MediaType {
  if (found.demuxer === 'matroska') return type('audio', 'audio/webm', 'webm', 'matroska');
  return type('audio', 'audio/mp4', 'm4a', 'mov');
}

/** Longest side and number of pixels of a picture that is decoded; checked in its header, before anything is. */
export const pictureLimits = { side: 16_384, pixels: 100_000_000 };

/** Bytes that a generated file of a kind may have (format.md 23). */
export const maxBytesOf: Record<MediaKind, number> = {
  image: limits.generatedImageBytes,
  audio: limits.generatedAudioBytes,
  video: limits.generatedVideoBytes,
};

/** `content_too_large`, saying what is. */
export function tooLargeError(what: string, limit: number, actual: number): WfmError {
  return new WfmError('content_too_large', `The file has ${actual} ${what}; at most ${limit} are allowed.`, {
    params: { what, limit, actual },
  });
}

/** `provider_failed` for a file that is not what was ordered. */
export function unusableError(message: string, cause?: unknown): WfmError {
  return new WfmError('provider_failed', message, { params: { reason: 'content_type' }, cause });
}
