import { type Random, randomFor } from '../random.ts';
import type { Instrument, MusicOrder } from './music-order.ts';
import { chordOn, hertz, moods } from './notes.ts';
import { fade, limit, newTrack, place, reverb, type Track } from './track.ts';
import { bass, bell, hat, keys, kick, pad, pluck, snare, strings } from './voices.ts';
import { wavOf } from './wav.ts';

interface Piece {
  order: MusicOrder;
  track: Track;
  random: Random;
  root: number;
  /** Length of a beat in seconds. */
  beat: number;
  bars: number;
  bright: number;
  progression: readonly number[];
  motif: number[];
}

/** Composes and plays a piece: four-beat bars on a progression, instruments entering one by one. The same bytes for the same order. */
export function renderMusic(order: MusicOrder): Uint8Array {
  const random = randomFor('music', order.prompt, order.seed);
  const mood = moods[order.mood];
  const beat = 60 / order.bpm;
  const piece: Piece = {
    order,
    track: newTrack(order.seconds),
    random,
    root: 48 + random.whole(0, 9),
    beat,
    bars: Math.ceil(order.seconds / (beat * 4)),
    bright: mood.bright,
    progression: random.pick(mood.progressions),
    motif: Array.from({ length: 8 }, () => random.whole(-1, mood.scale.length + 1)),
  };
  for (let bar = 0; bar < piece.bars; bar += 1) playBar(piece, bar);
  reverb(piece.track, order.mood === 'dreamy' || order.mood === 'calm' ? 0.34 : 0.2, order.mood === 'epic' ? 1.25 : 1);
  fade(piece.track, 0.02, Math.min(3, order.seconds * 0.2));
  limit(piece.track);
  return wavOf(piece.track);
}

function playBar(piece: Piece, bar: number): void {
  const { order, beat, progression, root } = piece;
  const degree = progression[bar % progression.length] ?? 0;
  const chord = chordOn(root + 12, moods[order.mood].chords, degree);
  const at = bar * beat * 4;
  for (const [index, instrument] of order.instruments.entries()) {
    // One more instrument every two bars; in short pieces all begin at once.
    if (piece.bars > 6 && bar < index * 2 - 2) continue;
    play[instrument](piece, bar, at, chord);
  }
}

const play: Record<Instrument, (piece: Piece, bar: number, at: number, chord: number[]) => void> = {
  pad: ({ track, beat, bright }, _bar, at, chord) => {
    for (const [i, note] of chord.entries())
      place(track, at, pad(hertz(note), beat * 4.6, bright), 0.17, i * 0.4 - 0.6);
  },
  strings: ({ track, beat, bright }, _bar, at, chord) => {
    for (const [i, note] of chord.slice(0, 3).entries())
      place(track, at, strings(hertz(note + (i === 2 ? 12 : 0)), beat * 4.3, bright), 0.2, 0.5 - i * 0.5);
  },
  keys: ({ track, beat, bright, random, order }, bar, at, chord) => {
    const hits =
      order.mood === 'calm' || order.mood === 'sad' ? [0, 2.5] : [0, 1.5, 2.5, 3.5].slice(0, bar % 2 === 0 ? 4 : 3);
    for (const hit of hits) {
      for (const [i, note] of chord.entries())
        place(
          track,
          at + hit * beat + i * 0.008 + random.next() * 0.006,
          keys(hertz(note), beat * 2.2, bright),
          0.13,
          i * 0.16 - 0.24,
        );
    }
  },
  pluck: ({ track, beat, bright, random }, bar, at, chord) => {
    const pattern = bar % 2 === 0 ? [0, 2, 1, 3, 2, 1, 3, 2] : [0, 1, 2, 3, 2, 3, 1, 2];
    for (const [i, index] of pattern.entries()) {
      const note = (chord[index] ?? chord[0] ?? 60) + (i % 4 === 3 ? 12 : 0);
      place(
        track,
        at + i * beat * 0.5 + random.next() * 0.008,
        pluck(hertz(note), beat * 2, bright, random),
        i % 2 === 0 ? 0.24 : 0.17,
        0.34 - (i % 4) * 0.16,
      );
    }
  },
  bells: ({ track, beat, random, root, order, motif }, bar, at) => {
    const { scale } = moods[order.mood];
    // The motif keeps its contour; every fourth bar rests so that it can be heard to return.
    if (bar % 4 === 3) return;
    for (const [i, step] of motif.entries()) {
      if ((i + bar) % 3 === 1 || random.chance(0.2)) continue;
      const octave = Math.floor(step / scale.length);
      const note = root + 24 + (scale[((step % scale.length) + scale.length) % scale.length] ?? 0) + octave * 12;
      place(track, at + i * beat * 0.5, bell(hertz(note), 1.8), 0.11, random.between(-0.5, 0.5));
    }
  },
  bass: ({ track, beat, order }, bar, at, chord) => {
    const low = (chord[0] ?? 48) - 24;
    const hits =
      order.mood === 'calm' || order.mood === 'dreamy' ? [0] : order.mood === 'jazzy' ? [0, 1, 2, 3] : [0, 1.5, 2.5];
    for (const [i, hit] of hits.entries()) {
      const walk = order.mood === 'jazzy' ? ([0, 4, 7, bar % 2 === 0 ? 10 : 9][i] ?? 0) : i === 2 ? 7 : 0;
      place(track, at + hit * beat, bass(hertz(low + walk), beat * (hits.length === 1 ? 3.6 : 1.2)), 0.34, 0);
    }
  },
  drums: ({ track, beat, random, order }, bar, at) => {
    const swing = order.mood === 'jazzy' ? 0.16 : 0;
    const soft = order.mood === 'calm' || order.mood === 'sad' ? 0.5 : 1;
    for (const hit of order.mood === 'epic' ? [0, 0.75, 2, 2.75] : [0, 2.5, ...(bar % 4 === 3 ? [3.5] : [])])
      place(track, at + hit * beat, kick(), 0.5 * soft, 0);
    for (const hit of [1, 3]) place(track, at + hit * beat, snare(random), 0.27 * soft, 0.05);
    for (let i = 0; i < 8; i += 1)
      place(
        track,
        at + (i * 0.5 + (i % 2 === 1 ? swing : 0)) * beat,
        hat(random, i === 7 && bar % 2 === 1),
        (i % 2 === 0 ? 0.12 : 0.075) * soft,
        0.3,
      );
  },
};
