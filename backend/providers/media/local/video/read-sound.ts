import { fileTypeFromBuffer } from 'file-type';
import { parseBuffer } from 'music-metadata';
import { isWfmError, WfmError } from '@wfm/workflow-engine/errors';
import type { Sound } from './make-film.ts';

/** By what a file really is: the one reader of ffmpeg that fits, so that a playlist in disguise stays unread. */
const demuxers = new Map([
  ['wav', 'wav'],
  ['mp3', 'mp3'],
  ['ogg', 'ogg'],
  ['oga', 'ogg'],
  ['opus', 'ogg'],
  ['flac', 'flac'],
  ['aac', 'aac'],
  ['m4a', 'mov'],
  ['mp4', 'mov'],
  ['webm', 'matroska'],
]);

/** A sound's reader and length in seconds. Throws `input_invalid` for what is no sound we know. */
export async function readSound(bytes: Uint8Array, place: string): Promise<Sound & { seconds: number }> {
  const type = await fileTypeFromBuffer(bytes);
  const demuxer = demuxers.get(type?.ext ?? '');
  if (type === undefined || demuxer === undefined)
    throw unusable(place, 'it is no WAV, MP3, Ogg, FLAC, AAC or M4A file');
  try {
    const { format } = await parseBuffer(
      bytes,
      { mimeType: type.mime, size: bytes.byteLength },
      { duration: true, skipCovers: true },
    );
    const seconds = format.duration ?? 0;
    if (!Number.isFinite(seconds) || seconds <= 0) throw unusable(place, 'it has no length');
    return { bytes, demuxer, seconds };
  } catch (thrown) {
    throw isWfmError(thrown) ? thrown : unusable(place, 'it is damaged');
  }
}

function unusable(place: string, why: string): WfmError {
  return new WfmError('input_invalid', `This sound cannot be used: ${why}.`, { place, params: { provider: 'local' } });
}
