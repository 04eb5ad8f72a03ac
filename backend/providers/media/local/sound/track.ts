/** Sound while it is made: two channels of samples at 44.1 kHz. */
export interface Track {
  left: Float32Array;
  right: Float32Array;
}

export const sampleRate = 44_100;

export function newTrack(seconds: number): Track {
  const length = Math.ceil(seconds * sampleRate);
  return { left: new Float32Array(length), right: new Float32Array(length) };
}

/** Mixes samples in at a time, at a place between left (-1) and right (1). */
export function place(track: Track, at: number, samples: Float32Array, gain: number, pan: number): void {
  const start = Math.round(at * sampleRate);
  const angle = ((pan + 1) * Math.PI) / 4;
  const [left, right] = [Math.cos(angle) * gain, Math.sin(angle) * gain];
  const end = Math.min(samples.length, track.left.length - start);
  for (let i = Math.max(0, -start); i < end; i += 1) {
    const sample = samples[i] ?? 0;
    track.left[start + i] = (track.left[start + i] ?? 0) + sample * left;
    track.right[start + i] = (track.right[start + i] ?? 0) + sample * right;
  }
}

/** Room: parallel combs and two all-passes a channel (Schroeder 1962), the channels of slightly different size. */
export function reverb(track: Track, amount: number, size: number): void {
  for (const [samples, spread] of [
    [track.left, 0],
    [track.right, 23],
  ] as const) {
    const wet = new Float32Array(samples.length);
    for (const delay of [1557, 1617, 1491, 1422]) comb(samples, wet, Math.round((delay + spread) * size), 0.8);
    for (const delay of [225, 556]) allPass(wet, delay + spread);
    for (let i = 0; i < samples.length; i += 1) samples[i] = (samples[i] ?? 0) + (wet[i] ?? 0) * amount * 0.25;
  }
}

function comb(input: Float32Array, output: Float32Array, delay: number, feedback: number): void {
  const line = new Float32Array(delay);
  let soft = 0;
  for (let i = 0, at = 0; i < input.length; i += 1, at = at + 1 === delay ? 0 : at + 1) {
    const echo = line[at] ?? 0;
    soft = echo * 0.62 + soft * 0.38;
    line[at] = (input[i] ?? 0) + soft * feedback;
    output[i] = (output[i] ?? 0) + echo;
  }
}

function allPass(samples: Float32Array, delay: number): void {
  const line = new Float32Array(delay);
  for (let i = 0, at = 0; i < samples.length; i += 1, at = at + 1 === delay ? 0 : at + 1) {
    const echo = line[at] ?? 0;
    const input = samples[i] ?? 0;
    line[at] = input + echo * 0.5;
    samples[i] = echo - input * 0.5;
  }
}

/** Fades in and out, in seconds. */
export function fade(track: Track, inSeconds: number, outSeconds: number): void {
  const length = track.left.length;
  const [rise, fall] = [inSeconds * sampleRate, outSeconds * sampleRate];
  for (let i = 0; i < length; i += 1) {
    const gain = Math.min(1, i / Math.max(1, rise), (length - 1 - i) / Math.max(1, fall));
    if (gain >= 1) continue;
    for (const channel of [track.left, track.right]) channel[i] = (channel[i] ?? 0) * gain * (2 - gain);
  }
}

/** Brings the loudest moment to `peak` of full scale, rounding off what would stand out far. */
export function limit(track: Track, peak = 0.89): void {
  let sum = 0;
  for (const channel of [track.left, track.right]) for (const sample of channel) sum += sample * sample;
  const level = Math.sqrt(sum / (track.left.length * 2)) || 1;
  // Six times the mean level is where peaks begin to bend.
  const drive = 1 / (level * 6);
  let most = 0;
  for (const channel of [track.left, track.right]) {
    for (let i = 0; i < channel.length; i += 1) {
      const bent = Math.tanh((channel[i] ?? 0) * drive);
      channel[i] = bent;
      most = Math.max(most, Math.abs(bent));
    }
  }
  const gain = most === 0 ? 0 : peak / most;
  for (const channel of [track.left, track.right])
    for (let i = 0; i < channel.length; i += 1) channel[i] = (channel[i] ?? 0) * gain;
}
