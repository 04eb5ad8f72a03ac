import { type Random, randomFor } from '../../random.ts';
import { fade, limit, newTrack, place, reverb, sampleRate, type Track } from '../track.ts';
import { bell, kick } from '../voices.ts';
import { wavOf } from '../wav.ts';
import type { EffectFamily, EffectOrder } from './families.ts';

/** One sound effect as a WAV file: the same bytes for the same order. */
export function renderEffect(order: EffectOrder): Uint8Array {
  const random = randomFor('effect', order.family, order.seed);
  const track = newTrack(order.seconds);
  make[order.family]({ track, random, seconds: order.seconds });
  const steady = ['rain', 'wind', 'waves', 'fire'].includes(order.family);
  reverb(track, steady ? 0.06 : 0.2, 1);
  fade(track, steady ? 0.15 : 0.001, Math.min(steady ? 0.4 : 0.15, order.seconds / 4));
  limit(track);
  return wavOf(track);
}

interface Studio {
  track: Track;
  random: Random;
  seconds: number;
}

const tau = Math.PI * 2;

/** Noise through a resonant band whose middle (in hertz) and loudness change with time. */
function noise(
  random: Random,
  seconds: number,
  hz: (t: number) => number,
  gain: (t: number) => number,
  narrow = 0.5,
): Float32Array {
  const samples = new Float32Array(Math.ceil(seconds * sampleRate));
  let [low, band] = [0, 0];
  for (let i = 0; i < samples.length; i += 1) {
    const t = i / sampleRate;
    // A state-variable filter (Chamberlin); its coefficient stays below 1, where it cannot run away.
    const f = Math.min(0.95, 2 * Math.sin((Math.PI * Math.min(7000, hz(t))) / sampleRate));
    low += f * band;
    band += f * (random.between(-1, 1) - low - narrow * band);
    samples[i] = band * gain(t);
  }
  return samples;
}

function tone(seconds: number, hz: (t: number) => number, gain: (t: number) => number): Float32Array {
  const samples = new Float32Array(Math.ceil(seconds * sampleRate));
  let phase = 0;
  for (let i = 0; i < samples.length; i += 1) {
    const t = i / sampleRate;
    phase += hz(t) / sampleRate;
    samples[i] = Math.sin(tau * phase) * gain(t);
  }
  return samples;
}

/** A short burst: dies with `life` seconds. */
function burst(random: Random, hz: number, life: number, narrow = 0.6): Float32Array {
  return noise(
    random,
    life * 7,
    () => hz,
    (t) => Math.min(1, t * 900) * Math.exp(-t / life),
    narrow,
  );
}

/** Calls `each` at times about `every` seconds apart. */
function repeat(
  { random, seconds }: Studio,
  every: number,
  wobble: number,
  each: (at: number, index: number) => void,
): void {
  let index = 0;
  for (let at = 0.02; at < seconds - 0.05; at += every * random.between(1 - wobble, 1 + wobble), index += 1)
    each(at, index);
}

const make: Record<EffectFamily, (studio: Studio) => void> = {
  whoosh: ({ track, random, seconds }) => {
    const arc = (t: number): number => Math.sin(Math.PI * Math.min(1, t / seconds)) ** 2;
    for (const pan of [-1, 1]) {
      const samples = noise(
        random,
        seconds,
        (t) => 260 + 2900 * arc(t * 0.9),
        (t) => arc(t) * (0.5 + 0.5 * Math.sin(Math.PI * (t / seconds - 0.5)) * pan),
        0.35,
      );
      place(track, 0, samples, 0.8, pan * 0.8);
    }
  },
  rain: (studio) => {
    const { track, random, seconds } = studio;
    for (const pan of [-0.8, 0.8])
      place(
        track,
        0,
        noise(
          random,
          seconds,
          () => 4200,
          () => 0.4,
          1.2,
        ),
        0.5,
        pan,
      );
    repeat(studio, 0.012, 0.9, (at) =>
      place(
        track,
        at,
        burst(random, random.between(1800, 6400), 0.004),
        random.between(0.1, 0.7),
        random.between(-1, 1),
      ),
    );
  },
  wind: ({ track, random, seconds }) => {
    for (const pan of [-0.7, 0.7]) {
      const [slow, phase] = [random.between(0.12, 0.24), random.between(0, 6)];
      const gust = (t: number): number =>
        0.55 + 0.3 * Math.sin(tau * slow * t + phase) + 0.15 * Math.sin(tau * slow * 2.7 * t);
      place(
        track,
        0,
        noise(random, seconds, (t) => 180 + 620 * gust(t), gust, 0.18),
        0.6,
        pan,
      );
    }
  },
  waves: ({ track, random, seconds }) => {
    for (const pan of [-0.6, 0.6]) {
      const phase = random.between(0, 1.4);
      const swell = (t: number): number => 0.12 + (0.5 + 0.5 * Math.sin(tau * t * 0.16 + phase - 1.5)) ** 3;
      place(
        track,
        0,
        noise(random, seconds, (t) => 320 + 2600 * swell(t), swell, 0.9),
        0.6,
        pan,
      );
    }
  },
  thunder: ({ track, random, seconds }) => {
    place(track, 0.02, burst(random, 2400, 0.07), 0.8, 0);
    for (let roll = 0; roll < 5; roll += 1) {
      const at = roll * seconds * 0.16;
      place(
        track,
        at,
        noise(
          random,
          seconds - at,
          () => 70 + roll * 22,
          (t) => Math.min(1, t * 9) * Math.exp(-t * (1.5 + roll * 0.3)),
          0.5,
        ),
        1.4 / (roll + 1),
        random.between(-0.7, 0.7),
      );
    }
  },
  fire: (studio) => {
    const { track, random, seconds } = studio;
    place(
      track,
      0,
      noise(
        random,
        seconds,
        () => 220,
        (t) => 0.5 + 0.2 * Math.sin(t * 5),
        0.7,
      ),
      0.7,
      0,
    );
    repeat(studio, 0.07, 0.95, (at) =>
      place(
        track,
        at,
        burst(random, random.between(1200, 5200), random.between(0.002, 0.012)),
        random.between(0.1, 0.9) ** 2,
        random.between(-0.8, 0.8),
      ),
    );
  },
  bell: (studio) => repeat(studio, 1.7, 0.02, (at) => place(studio.track, at, bell(412, 3.4), 0.8, 0)),
  chime: ({ track, random }) => {
    const root = random.pick([523.25, 587.33, 659.25] as const);
    for (const [i, step] of [1, 1.26, 1.498, 2].entries())
      place(track, i * 0.085, bell(root * step, 1.6), 0.6, i * 0.3 - 0.45);
  },
  click: (studio) => {
    const { track, random } = studio;
    repeat(studio, 0.34, 0.5, (at) => {
      place(track, at, burst(random, 3600, 0.0022), 0.9, random.between(-0.2, 0.2));
      place(track, at + 0.055, burst(random, 2300, 0.0018), 0.5, 0);
    });
  },
  footsteps: (studio) => {
    const { track, random } = studio;
    repeat(studio, 0.54, 0.05, (at, i) => {
      const pan = i % 2 === 0 ? -0.25 : 0.25;
      place(track, at, burst(random, 150, 0.028, 0.4), 1, pan);
      place(track, at + 0.05, burst(random, random.between(1500, 2600), 0.02, 1), 0.35, pan);
    });
  },
  knock: (studio) => {
    const { track, random } = studio;
    repeat(studio, 0.23, 0.06, (at, i) => {
      if (i % 5 > 2) return;
      place(track, at, burst(random, 240, 0.022, 0.12), 1, 0);
      place(
        track,
        at,
        tone(
          0.14,
          () => 172,
          (t) => Math.exp(-t * 42),
        ),
        0.6,
        0,
      );
    });
  },
  impact: ({ track, random, seconds }) => {
    place(track, 0.01, kick(), 1.2, 0);
    place(
      track,
      0.01,
      tone(
        seconds,
        (t) => 34 + 60 * Math.exp(-t * 7),
        (t) => Math.exp(-t * 2.4),
      ),
      0.9,
      0,
    );
    place(track, 0.01, burst(random, 900, 0.11, 0.9), 0.9, 0);
  },
  alarm: (studio) => {
    repeat(studio, 0.52, 0, (at, i) => {
      const hz = i % 2 === 0 ? 880 : 698;
      const gain = (t: number): number => Math.min(1, t * 80, (0.36 - t) * 80) * (t < 0.36 ? 0.5 : 0);
      place(
        studio.track,
        at,
        tone(0.36, () => hz, gain),
        0.8,
        0,
      );
      place(
        studio.track,
        at,
        tone(0.36, () => hz * 3, gain),
        0.22,
        0,
      );
    });
  },
  heartbeat: (studio) => {
    repeat(studio, 0.86, 0.02, (at) => {
      for (const [later, gain] of [
        [0, 1],
        [0.26, 0.7],
      ] as const)
        place(
          studio.track,
          at + later,
          tone(
            0.2,
            (t) => 42 + 30 * Math.exp(-t * 20),
            (t) => Math.min(1, t * 120) * Math.exp(-t * 18),
          ),
          gain,
          0,
        );
    });
  },
  birds: (studio) => {
    const { track, random } = studio;
    repeat(studio, 0.42, 0.8, (at) => {
      const [base, rate, pan] = [random.between(2400, 4600), random.between(14, 30), random.between(-0.9, 0.9)];
      const length = random.between(0.08, 0.32);
      place(
        track,
        at,
        tone(
          length,
          (t) => base + Math.sin(tau * rate * t) * 620 + t * 900,
          (t) => Math.sin((Math.PI * t) / length) * 0.6,
        ),
        random.between(0.2, 0.7),
        pan,
      );
    });
  },
  laser: (studio) => {
    repeat(studio, 0.4, 0.3, (at) => {
      const top = studio.random.between(1800, 3600);
      place(
        studio.track,
        at,
        tone(
          0.3,
          (t) => 120 + top * Math.exp(-t * 13),
          (t) => Math.exp(-t * 9),
        ),
        0.8,
        studio.random.between(-0.5, 0.5),
      );
    });
  },
};
