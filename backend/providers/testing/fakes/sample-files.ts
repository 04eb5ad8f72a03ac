import { readFileSync } from 'node:fs';

const names = { image: 'sample.png', audio: 'sample.mp3', wave: 'sample.wav', video: 'sample.mp4' } as const;
const mimes = { image: 'image/png', audio: 'audio/mpeg', wave: 'audio/wav', video: 'video/mp4' } as const;

export type SampleKind = keyof typeof names;

/** A small real file that decoders accept: a 96x64 picture, half a second of sound or video. */
export function sampleFile(kind: SampleKind): { bytes: Uint8Array<ArrayBuffer>; mime: string; extension: string } {
  const bytes = readFileSync(new URL(`files/${names[kind]}`, import.meta.url));
  return { bytes: new Uint8Array(bytes), mime: mimes[kind], extension: names[kind].split('.')[1]! };
}
