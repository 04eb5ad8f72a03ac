/** Scales as steps from their root, in semitones, and progressions as degrees of a scale, 0 its root. */

interface MoodRow {
  scale: number[];
  chords: keyof typeof modes;
  progressions: [number[], ...number[][]];
  /** 0 dull to 1 bright. */
  bright: number;
}

const rows = {
  calm: {
    scale: [0, 2, 4, 7, 9],
    chords: 'major',
    progressions: [
      [0, 5, 3, 4],
      [0, 3, 0, 4],
      [3, 0, 4, 5],
    ],
    bright: 0.4,
  },
  happy: {
    scale: [0, 2, 4, 7, 9],
    chords: 'major',
    progressions: [
      [0, 4, 5, 3],
      [0, 3, 4, 3],
      [0, 5, 1, 4],
    ],
    bright: 0.75,
  },
  sad: {
    scale: [0, 3, 5, 7, 10],
    chords: 'minor',
    progressions: [
      [0, 5, 2, 6],
      [0, 3, 5, 4],
      [5, 6, 0, 0],
    ],
    bright: 0.3,
  },
  tense: {
    scale: [0, 1, 5, 7, 8],
    chords: 'phrygian',
    progressions: [
      [0, 1, 0, 6],
      [0, 1, 3, 1],
    ],
    bright: 0.5,
  },
  epic: {
    scale: [0, 2, 3, 7, 10],
    chords: 'minor',
    progressions: [
      [0, 5, 2, 6],
      [0, 6, 5, 6],
      [5, 3, 0, 6],
    ],
    bright: 0.6,
  },
  dreamy: {
    scale: [0, 2, 4, 6, 9],
    chords: 'lydian',
    progressions: [
      [0, 1, 0, 5],
      [3, 4, 0, 1],
    ],
    bright: 0.45,
  },
  jazzy: {
    scale: [0, 3, 5, 6, 7, 10],
    chords: 'dorian',
    progressions: [
      [1, 4, 0, 5],
      [0, 3, 1, 4],
    ],
    bright: 0.5,
  },
} satisfies Record<string, MoodRow>;

export type Mood = keyof typeof rows;
export const moods: Record<Mood, MoodRow> = rows;
export const moodNames = Object.keys(moods) as [Mood, ...Mood[]];

export const modes = {
  major: [0, 2, 4, 5, 7, 9, 11],
  minor: [0, 2, 3, 5, 7, 8, 10],
  dorian: [0, 2, 3, 5, 7, 9, 10],
  lydian: [0, 2, 4, 6, 7, 9, 11],
  phrygian: [0, 1, 3, 5, 7, 8, 10],
} as const;

/** MIDI number to hertz, A4 = 69 = 440 Hz. */
export function hertz(note: number): number {
  return 440 * 2 ** ((note - 69) / 12);
}

/** A chord of four notes on a degree of a mode above `root`, each as near to middle as its octave lets it be. */
export function chordOn(root: number, mode: keyof typeof modes, degree: number): number[] {
  const steps = modes[mode];
  return [0, 2, 4, 6].map((third) => {
    const index = degree + third;
    const note = root + (steps[index % 7] ?? 0) + 12 * Math.floor(index / 7);
    return note > root + 14 ? note - 12 : note;
  });
}
