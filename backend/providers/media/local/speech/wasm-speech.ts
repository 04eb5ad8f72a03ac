import { wavFile } from '../sound/wav.ts';
import type { SpeechOrder } from '../threads/jobs.ts';

/** The parts of the optional library that we use: it brings no types. */
interface Engine {
  /** Its answer tells nothing: it is the same for voices that there are and voices that there are not. */
  set_voice(voice: string): unknown;
  set_rate(wordsPerMinute: number): void;
  set_pitch(pitch: number): void;
  synthesize(text: string, onAudio: (audio: Int16Array | undefined, events: unknown) => boolean): void;
}
type Load = () => Promise<{ eSpeakNGWorker: new () => Engine }>;

/** The library's name, kept apart so that types and packagers do not ask for it where it is not installed. */
export const speechLibrary = '@echogarden/espeak-ng-emscripten';
/** What espeak-ng always gives, in hertz. */
const rate = 22_050;

/** Speaks a text by espeak-ng compiled to WebAssembly, as a mono WAV file. Throws where the library is missing. */
export async function speakInWasm(order: SpeechOrder): Promise<Uint8Array> {
  const library = (await import(speechLibrary)) as { default: Load };
  const { eSpeakNGWorker } = await library.default();
  const engine = new eSpeakNGWorker();
  engine.set_voice(order.voice);
  engine.set_rate(order.speed);
  engine.set_pitch(order.pitch);
  const parts: Int16Array[] = [];
  engine.synthesize(order.text, (audio) => {
    // Samples, not bytes, and only lent: they are copied as what they are.
    if (audio !== undefined && audio.length > 0) parts.push(Int16Array.from(audio));
    return false;
  });
  const samples = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    samples.set(part, at);
    at += part.length;
  }
  if (samples.length === 0) throw new Error('nothing was spoken');
  return wavFile(samples, rate, 1);
}
