import { drawFor } from '../../schema/draw.ts';

/** Length of a mock sound, in ms. */
export const mockToneMs = 2000;

const sampleRate = 8000;
const headerBytes = 44;
/** A major pentatonic scale from A3, in Hz: any order of it sounds friendly. */
const scale = [220, 246.94, 277.18, 329.63, 369.99, 440, 493.88, 554.37];

/** A short WAV (PCM, mono, 8 kHz, 16 bit): eight soft notes drawn from the text. Equal texts give equal bytes. */
export function mockTone(text: string): Uint8Array {
  const draw = drawFor(text, '/tone');
  const notes = Array.from({ length: 8 }, () => draw.pick(scale));
  const count = (sampleRate * mockToneMs) / 1000;
  const bytes = new Uint8Array(headerBytes + count * 2);
  const view = new DataView(bytes.buffer);
  writeHeader(view, count * 2);
  const perNote = count / notes.length;
  for (let index = 0; index < count; index += 1) {
    const frequency = notes[Math.floor(index / perNote)] ?? 0;
    const within = (index % perNote) / perNote;
    // A quick rise and a slow fall, so that no note begins or ends with a click.
    const loudness = Math.min(1, within * 12) * (1 - within) ** 2;
    const phase = (2 * Math.PI * frequency * index) / sampleRate;
    const wave = Math.sin(phase) + 0.3 * Math.sin(2 * phase);
    view.setInt16(headerBytes + index * 2, Math.round(wave * loudness * 0.45 * 0x7fff), true);
  }
  return bytes;
}

/** The 44 bytes before the samples of a canonical RIFF/WAVE file. */
function writeHeader(view: DataView, dataBytes: number): void {
  const tag = (at: number, name: string) => {
    for (let index = 0; index < 4; index += 1) view.setUint8(at + index, name.charCodeAt(index));
  };
  tag(0, 'RIFF');
  view.setUint32(4, headerBytes - 8 + dataBytes, true);
  tag(8, 'WAVE');
  tag(12, 'fmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  tag(36, 'data');
  view.setUint32(40, dataBytes, true);
}
