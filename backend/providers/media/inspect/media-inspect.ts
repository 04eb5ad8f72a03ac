import { fileTypeFromBlob } from 'file-type';
import { parseBlob } from 'music-metadata';
import { hasCode, WfmError } from '@wfm/workflow-engine/errors';
import type { CropRegion } from '@wfm/workflow-engine/models';
import {
  acceptedType,
  asSound,
  maxBytesOf,
  type MediaKind,
  type MediaType,
  pictureLimits,
  tooLargeError,
  unusableError,
} from './accepted-types.ts';
import { type MediaSource, readAll, SourceBlob } from './media-source.ts';
import { cropPicture, pictureSize, shrinkPicture } from './pictures.ts';
import { runTool } from './run-tool.ts';
import { withScratchFile } from './scratch-file.ts';
import { foldPeaks, PEAK_RATE, PeakMeter } from './sound-peaks.ts';

/** What the bytes of a file say. */
export interface InspectedMedia {
  kind: MediaKind;
  mime: string;
  /** Without a dot. */
  extension: string;
  width: number | null;
  height: number | null;
  durationMs: number | null;
}

/** Looks into files of media, and makes small things of them. */
export interface MediaInspect {
  /**
   * What a file is, by its bytes alone: whatever a vendor called it. Throws `provider_failed` for a kind that is not
   * accepted or a header that is broken, `content_too_large` (format.md 23).
   */
  inspect(file: MediaSource): Promise<InspectedMedia>;
  /** Part of a picture. Throws `crop_invalid` where it is not inside. */
  crop(
    picture: Uint8Array,
    region: CropRegion,
  ): Promise<{ data: Uint8Array; mime: string; width: number; height: number }>;
  /** A WebP of that width, of a picture or of the first frame of a video. Throws `content_not_found` where there is none. */
  thumbnail(file: MediaSource, params: { mime: string; width: number }): Promise<Uint8Array>;
  /** How loud a sound is over its time, from 0 to 1. Throws `content_not_found` where that cannot be told. */
  peaks(file: MediaSource, params: { mime: string }): Promise<{ peaks: number[]; durationMs: number }>;
  /** So many peaks out of as many or more; never more than there are. */
  foldPeaks(peaks: readonly number[], count: number): number[];
}

const TOOL_MS = 30_000;
/** As PNG, a frame of the largest picture that is accepted would be far less. */
const FRAME_BYTES = 64 * 1024 * 1024;
/** What every call of ffmpeg begins with: quiet, asking nobody, reading nothing but the file. */
const quiet = ['-nostdin', '-v', 'error', '-protocol_whitelist', 'file'];

/** Looks into media with sharp, music-metadata and, where they are installed, ffmpeg and ffprobe. */
export function createMediaInspect(): MediaInspect {
  return {
    inspect: (file) => withReadFaults(file, inspect),
    crop: cropPicture,
    thumbnail: (file, params) => withReadFaults(file, (source) => thumbnail(source, params)),
    peaks: (file, params) => withReadFaults(file, (source) => peaks(source, params)),
    foldPeaks,
  };
}

/** A storage that fails is no broken file: what reading threw comes out as it is, whatever a parser made of it. */
async function withReadFaults<T>(file: MediaSource, work: (source: MediaSource) => Promise<T>): Promise<T> {
  const fault: { thrown?: unknown } = {};
  const read: MediaSource['read'] = async (start, end) => {
    try {
      return await file.read(start, end);
    } catch (error) {
      fault.thrown = error;
      throw error;
    }
  };
  try {
    return await work({ size: file.size, read });
  } catch (error) {
    throw 'thrown' in fault ? fault.thrown : error;
  }
}

async function inspect(file: MediaSource): Promise<InspectedMedia> {
  const sniffed = await fileTypeFromBlob(new SourceBlob(file)).catch(() => undefined);
  const found = acceptedType(sniffed?.mime);
  if (!found) {
    throw unusableError(
      sniffed
        ? `The file is ${sniffed.mime}, which is not accepted.`
        : 'The file is neither a picture, a video nor a sound.',
    );
  }
  if (file.size > maxBytesOf[found.kind]) throw tooLargeError('bytes', maxBytesOf[found.kind], file.size);
  if (found.kind === 'image') {
    return { ...named(found), ...(await pictureSize(await readAll(file))), durationMs: null };
  }
  return await inspectTimed(file, found);
}

/** A sound or a video: how long it is, and how large its pictures are. */
async function inspectTimed(file: MediaSource, found: MediaType): Promise<InspectedMedia> {
  const parsed = await parseBlob(new SourceBlob(file), { duration: false, skipCovers: true }).catch(
    (cause: unknown) => {
      throw unusableError(`The file looks like ${found.mime} and cannot be read as such.`, cause);
    },
  );
  const { format } = parsed;
  const isSound = found.kind === 'audio' || (format.hasVideo === false && format.hasAudio === true);
  const type = isSound && found.kind === 'video' ? asSound(found) : found;
  const video = format.trackInfo.find((track) => track.video)?.video;
  let width = video?.pixelWidth ?? null;
  let height = video?.pixelHeight ?? null;
  let durationMs = format.duration === undefined ? null : Math.round(format.duration * 1000);
  if (durationMs === null || (!isSound && (width === null || height === null))) {
    const probed = await probe(file, type);
    durationMs ??= probed.durationMs;
    width ??= probed.width;
    height ??= probed.height;
  }
  if (isSound) return { ...named(type), width: null, height: null, durationMs };
  const side = Math.max(width ?? 0, height ?? 0);
  if (side > pictureLimits.side) throw tooLargeError('pixels on a side', pictureLimits.side, side);
  return { ...named(type), width, height, durationMs };
}

/** What ffprobe says, for headers that our parser does not know; nothing where there is no ffprobe. */
async function probe(
  file: MediaSource,
  type: MediaType,
): Promise<Pick<InspectedMedia, 'width' | 'height' | 'durationMs'>> {
  let text = '';
  const wanted = ['-show_entries', 'stream=width,height:format=duration', '-of', 'default=noprint_wrappers=1'];
  await withScratchFile(file, (path) =>
    runTool('ffprobe', {
      args: ['-v', 'error', '-protocol_whitelist', 'file', ...demuxerArgs(type), ...wanted, `file:${path}`],
      timeoutMs: TOOL_MS,
      onData: (chunk) => {
        text = (text + new TextDecoder().decode(chunk)).slice(0, 10_000);
      },
    }),
  ).catch((cause: unknown) => {
    throw unusableError(`The file looks like ${type.mime} and cannot be read as such.`, cause);
  });
  const values = new Map(text.split('\n').map((line) => [line.split('=', 1)[0], Number(line.split('=')[1])]));
  const value = (name: string): number | null => {
    const found = values.get(name);
    return found !== undefined && Number.isFinite(found) ? found : null;
  };
  const seconds = value('duration');
  return {
    width: value('width'),
    height: value('height'),
    durationMs: seconds === null ? null : Math.round(seconds * 1000),
  };
}

async function thumbnail(file: MediaSource, { mime, width }: { mime: string; width: number }): Promise<Uint8Array> {
  const type = acceptedType(mime);
  if (type?.kind === 'image') {
    if (file.size > maxBytesOf.image) throw tooLargeError('bytes', maxBytesOf.image, file.size);
    const bytes = await readAll(file);
    return await shrinkPicture(bytes, width).catch((error: unknown) => {
      throw hasCode(error, 'provider_failed') ? noneError('This picture cannot be decoded.', error) : error;
    });
  }
  if (type?.kind !== 'video') throw noneError('There is no picture of this content.');
  const frame: Uint8Array[] = [];
  let bytes = 0;
  const isDone = await withScratchFile(file, (path) =>
    runTool('ffmpeg', {
      args: [
        ...quiet,
        ...demuxerArgs(type),
        '-i',
        `file:${path}`,
        '-frames:v',
        '1',
        '-f',
        'image2pipe',
        '-c:v',
        'png',
        'pipe:1',
      ],
      timeoutMs: TOOL_MS,
      onData: (chunk) => {
        bytes += chunk.length;
        if (bytes > FRAME_BYTES) throw tooLargeError('bytes in a frame', FRAME_BYTES, bytes);
        frame.push(chunk);
      },
    }),
  ).catch((cause: unknown) => {
    throw noneError('No frame of this video can be read.', cause);
  });
  if (!isDone) throw noneError('A picture of a video needs ffmpeg, which is not installed here.');
  if (bytes === 0) throw noneError('This video has no picture.');
  return await shrinkPicture(Buffer.concat(frame), width);
}

async function peaks(file: MediaSource, { mime }: { mime: string }): Promise<{ peaks: number[]; durationMs: number }> {
  const type = acceptedType(mime === 'audio/webm' ? 'video/webm' : mime);
  if (!type || type.kind === 'image') throw noneError('This content has no sound.');
  const meter = new PeakMeter();
  const output = ['-vn', '-ac', '1', '-ar', String(PEAK_RATE), '-f', 'f32le', 'pipe:1'];
  const isDone = await withScratchFile(file, (path) =>
    runTool('ffmpeg', {
      args: [...quiet, ...demuxerArgs(type), '-i', `file:${path}`, ...output],
      timeoutMs: TOOL_MS,
      onData: (chunk) => meter.add(chunk),
    }),
  ).catch((cause: unknown) => {
    throw noneError('The sound of this content cannot be read.', cause);
  });
  if (!isDone) throw noneError('The shape of a sound needs ffmpeg, which is not installed here.');
  return meter.end();
}

function demuxerArgs({ demuxer }: MediaType): string[] {
  return demuxer === null ? [] : ['-f', demuxer];
}

function named({ kind, mime, extension }: MediaType): Pick<InspectedMedia, 'kind' | 'mime' | 'extension'> {
  return { kind, mime, extension };
}

function noneError(message: string, cause?: unknown): WfmError {
  return new WfmError('content_not_found', message, { cause });
}
