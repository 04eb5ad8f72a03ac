import type { Random } from '../random.ts';
import { sampleRate } from './track.ts';

/** One note or hit of each instrument, mono, about full scale. */

const tau = Math.PI * 2;

/** Attack, then an exponential end; `length` in seconds. */
function shaped(length: number, attack: number, decay: number, wave: (t: number, i: number) => number): Float32Array {
  const samples = new Float32Array(Math.ceil(length * sampleRate));
  for (let i = 0; i < samples.length; i += 1) {
    const t = i / sampleRate;
    const gain = Math.min(1, t / attack) * Math.exp(-t / decay) * Math.min(1, (length - t) / 0.03);
    samples[i] = wave(t, i) * gain;
  }
  return samples;
}

/** Three detuned saws through a slow low-pass. */
export function pad(hz: number, length: number, bright: number): Float32Array {
  const samples = new Float32Array(Math.ceil(length * sampleRate));
  const phases = [0, 0.33, 0.71];
  const steps = [0.9965, 1, 1.0041].map((detune) => (hz * detune) / sampleRate);
  let [low, lower] = [0, 0];
  for (let i = 0; i < samples.length; i += 1) {
    const t = i / samples.length;
    let saw = 0;
    for (let voice = 0; voice < 3; voice += 1) {
      const phase = ((phases[voice] ?? 0) + (steps[voice] ?? 0)) % 1;
      phases[voice] = phase;
      saw += phase * 2 - 1;
    }
    const cut = 0.02 + bright * 0.09 * Math.sin(Math.PI * t);
    low += (saw / 3 - low) * cut;
    lower += (low - lower) * cut;
    samples[i] = lower * 1.6 * Math.min(1, t * 4, (1 - t) * 5);
  }
  return samples;
}

/** An electric piano: two operators, its tine dying faster than its tone. */
export function keys(hz: number, length: number, bright: number): Float32Array {
  return shaped(length, 0.004, Math.min(1.3, 220 / hz + 0.35), (t) => {
    const tine = Math.sin(tau * hz * 14 * t) * Math.exp(-t * 26) * 0.3 * bright;
    return (
      0.72 * Math.sin(tau * hz * t + (0.5 + bright) * Math.exp(-t * 4) * Math.sin(tau * hz * t + tine)) + tine * 0.2
    );
  });
}

/** A plucked string: noise that goes round and loses its treble (Karplus and Strong 1983). */
export function pluck(hz: number, length: number, bright: number, random: Random): Float32Array {
  const period = Math.max(2, Math.round(sampleRate / hz));
  const line = new Float32Array(period);
  let last = 0;
  for (let i = 0; i < period; i += 1) {
    last += (random.between(-1, 1) - last) * (0.35 + bright * 0.5);
    line[i] = last;
  }
  let before = 0;
  const damping = 0.9985 - Math.min(0.004, 0.4 / hz / 10);
  let at = 0;
  return shaped(length, 0.001, 1.6, () => {
    const sample = line[at] ?? 0;
    line[at] = (sample * 0.5 + before * 0.5) * damping;
    before = sample;
    at = at + 1 === period ? 0 : at + 1;
    return sample * 1.3;
  });
}

export function bass(hz: number, length: number): Float32Array {
  return shaped(
    length,
    0.008,
    0.7,
    (t) => Math.tanh(1.5 * Math.sin(tau * hz * t + 0.9 * Math.exp(-t * 9) * Math.sin(tau * hz * 2 * t))) * 0.9,
  );
}

/** Struck metal: partials that are no multiples of one another. */
export function bell(hz: number, length: number): Float32Array {
  const partials = [
    [1, 1, 1],
    [2.76, 0.5, 0.6],
    [5.4, 0.26, 0.35],
    [8.93, 0.12, 0.2],
  ] as const;
  return shaped(length, 0.002, 4, (t) => {
    let sum = 0;
    for (const [ratio, gain, life] of partials)
      sum += gain * Math.sin(tau * hz * ratio * t) * Math.exp((-t * 2.2) / life);
    return sum * 0.55;
  });
}

/** Bowed strings: five saws that waver, swelling in. */
export function strings(hz: number, length: number, bright: number): Float32Array {
  const samples = new Float32Array(Math.ceil(length * sampleRate));
  const phases = [0, 0.2, 0.4, 0.6, 0.8];
  let low = 0;
  for (let i = 0; i < samples.length; i += 1) {
    const t = i / sampleRate;
    const share = i / samples.length;
    let saw = 0;
    for (let voice = 0; voice < 5; voice += 1) {
      const waver = 1 + (voice - 2) * 0.0024 + 0.0028 * Math.sin(tau * (4.6 + voice * 0.31) * t);
      phases[voice] = ((phases[voice] ?? 0) + (hz * waver) / sampleRate) % 1;
      saw += (phases[voice] ?? 0) * 2 - 1;
    }
    low += (saw / 5 - low) * (0.07 + bright * 0.1);
    samples[i] = low * 1.5 * Math.min(1, share * 3.2, (1 - share) * 6);
  }
  return samples;
}

export function kick(): Float32Array {
  let phase = 0;
  return shaped(0.42, 0.001, 0.13, (t) => {
    phase += (46 + 120 * Math.exp(-t * 34)) / sampleRate;
    return Math.sin(tau * phase) * 1.1;
  });
}

export function snare(random: Random): Float32Array {
  let low = 0;
  return shaped(0.26, 0.001, 0.065, (t) => {
    const noise = random.between(-1, 1);
    low += (noise - low) * 0.5;
    return (noise - low * 0.6) * 0.7 + Math.sin(tau * 186 * t) * Math.exp(-t * 24) * 0.6;
  });
}

export function hat(random: Random, open: boolean): Float32Array {
  let before = 0;
  return shaped(open ? 0.3 : 0.07, 0.0006, open ? 0.09 : 0.018, () => {
    const noise = random.between(-1, 1);
    const high = noise - before;
    before = noise;
    return high * 0.5;
  });
}
