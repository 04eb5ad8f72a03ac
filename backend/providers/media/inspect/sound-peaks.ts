/** Samples a second that peaks are taken from, and how many make one. */
export const PEAK_RATE = 8000;
const SAMPLES_PER_PEAK = 80;
/** Most peaks that are kept of a sound; longer ones are folded in two as often as needed. */
const PEAKS_KEPT = 4096;

/**
 * Gathers the loudest value of each stretch of a sound while its samples (32-bit floats, mono, little endian) arrive.
 * Memory stays bounded however long it is.
 */
export class PeakMeter {
  #peaks: number[] = [];
  #perPeak = SAMPLES_PER_PEAK;
  #inPeak = 0;
  #loudest = 0;
  #rest = new Uint8Array(0);
  #samples = 0;

  add(chunk: Uint8Array): void {
    const bytes = this.#rest.length === 0 ? chunk : concat(this.#rest, chunk);
    const whole = bytes.length - (bytes.length % 4);
    const view = new DataView(bytes.buffer, bytes.byteOffset, whole);
    for (let at = 0; at < whole; at += 4) this.#take(Math.abs(view.getFloat32(at, true)));
    this.#rest = bytes.slice(whole);
  }

  /** The peaks, each from 0 to 1, and how long the sound is. */
  end(): { peaks: number[]; durationMs: number } {
    if (this.#inPeak > 0) this.#peaks.push(this.#loudest);
    this.#inPeak = 0;
    return { peaks: this.#peaks.map(round), durationMs: Math.round((this.#samples / PEAK_RATE) * 1000) };
  }

  #take(sample: number): void {
    this.#samples += 1;
    if (sample > this.#loudest) this.#loudest = sample;
    this.#inPeak += 1;
    if (this.#inPeak < this.#perPeak) return;
    this.#peaks.push(this.#loudest);
    this.#loudest = 0;
    this.#inPeak = 0;
    if (this.#peaks.length < PEAKS_KEPT * 2) return;
    this.#peaks = foldPeaks(this.#peaks, PEAKS_KEPT);
    this.#perPeak *= 2;
  }
}

/** So many peaks out of as many or more: the loudest of each stretch. Never more than there are. */
export function foldPeaks(peaks: readonly number[], count: number): number[] {
  const wanted = Math.min(count, peaks.length);
  return Array.from({ length: wanted }, (_, index) => {
    const from = Math.floor((index * peaks.length) / wanted);
    const to = Math.max(from + 1, Math.floor(((index + 1) * peaks.length) / wanted));
    return peaks.slice(from, to).reduce((loudest, peak) => Math.max(loudest, peak), 0);
  });
}

function round(peak: number): number {
  return Number.isFinite(peak) ? Math.round(Math.min(1, peak) * 1000) / 1000 : 0;
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}
