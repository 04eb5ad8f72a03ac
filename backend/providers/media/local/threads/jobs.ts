import type { PictureOrder } from '../picture/render-picture.ts';
import type { EditOrder } from '../picture/edit-picture.ts';
import type { StillOrder } from '../video/prepare-still.ts';
import type { MusicOrder } from '../sound/music-order.ts';
import type { EffectOrder } from '../sound/effects/families.ts';

/** Work that would hold up the event loop, by kind. Each is answered by the bytes of one file. */
export type Job =
  | { kind: 'picture'; order: PictureOrder }
  | { kind: 'edit'; order: EditOrder }
  | { kind: 'still'; order: StillOrder }
  | { kind: 'caption'; order: { text: string; width: number; height: number } }
  | { kind: 'music'; order: MusicOrder }
  | { kind: 'effect'; order: EffectOrder }
  | { kind: 'speech'; order: SpeechOrder };

export interface SpeechOrder {
  text: string;
  /** A voice of espeak-ng: `en-gb`, `de`, … */
  voice: string;
  /** Words a minute. */
  speed: number;
  /** 0 to 99. */
  pitch: number;
}

/** Errors cross the border of a thread as plain data. */
export type JobReply = { ok: true; data: Uint8Array<ArrayBuffer> } | { ok: false; message: string };
