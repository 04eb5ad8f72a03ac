import type { Track } from './track.ts';
import { sampleRate } from './track.ts';

/** A stereo track as a 16-bit WAV file. */
export function wavOf(track: Track): Uint8Array {
  const samples = new Int16Array(track.left.length * 2);
  for (let i = 0; i < track.left.length; i += 1) {
    samples[i * 2] = Math.round((track.left[i] ?? 0) * 32_767);
    samples[i * 2 + 1] = Math.round((track.right[i] ?? 0) * 32_767);
  }
  return wavFile(samples, sampleRate, 2);
}

/** 16-bit samples, channels interleaved, with the 44-byte header of a plain PCM file. */
export function wavFile(samples: Int16Array, rate: number, channels: number): Uint8Array {
  const bytes = samples.length * 2;
  const file = Buffer.alloc(44 + bytes);
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(36 + bytes, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(channels, 22);
  file.writeUInt32LE(rate, 24);
  file.writeUInt32LE(rate * channels * 2, 28);
  file.writeUInt16LE(channels * 2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36, 'latin1');
  file.writeUInt32LE(bytes, 40);
  for (let i = 0; i < samples.length; i += 1) file.writeInt16LE(samples[i] ?? 0, 44 + i * 2);
  return file;
}

/** The samples of a 16-bit WAV file, whose header may give no length: espeak-ng streams one. Null for anything else. */
export function readWav(file: Uint8Array): { samples: Int16Array; rate: number; channels: number } | null {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const text = (at: number): string => Buffer.from(file.subarray(at, at + 4)).toString('latin1');
  if (file.byteLength < 44 || text(0) !== 'RIFF' || text(8) !== 'WAVE') return null;
  let format: { rate: number; channels: number } | null = null;
  for (let at = 12; at + 8 <= file.byteLength; ) {
    const size = view.getUint32(at + 4, true);
    if (text(at) === 'fmt ') {
      if (at + 24 > file.byteLength || view.getUint16(at + 22, true) !== 16) return null;
      format = { channels: view.getUint16(at + 10, true), rate: view.getUint32(at + 12, true) };
    }
    if (text(at) === 'data' && format !== null) {
      const count = Math.floor(Math.min(size, file.byteLength - at - 8) / 2);
      const samples = new Int16Array(count);
      for (let i = 0; i < count; i += 1) samples[i] = view.getInt16(at + 8 + i * 2, true);
      return { samples, ...format };
    }
    at += 8 + size + (size % 2);
  }
  return null;
}
