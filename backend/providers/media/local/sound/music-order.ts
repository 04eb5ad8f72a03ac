import { type Mood, moods } from './notes.ts';

export const instruments = ['pad', 'keys', 'pluck', 'bass', 'bells', 'strings', 'drums'] as const;
export type Instrument = (typeof instruments)[number];

export interface MusicOrder {
  prompt: string;
  seed: number;
  seconds: number;
  bpm: number;
  mood: Mood;
  instruments: Instrument[];
}

const moodWords: Record<Mood, string> = {
  calm: 'calm peaceful relax relaxing meditation sleep soft gentle ambient quiet slow spa warm',
  happy: 'happy joyful upbeat cheerful fun bright playful summer dance pop optimistic uplifting positive energetic',
  sad: 'sad melancholic melancholy lonely loss nostalgic sorrow rain rainy somber',
  tense: 'tense suspense dark horror scary thriller danger mysterious mystery ominous',
  epic: 'epic cinematic heroic trailer battle dramatic orchestral adventure powerful grand',
  dreamy: 'dreamy dream space ethereal floating magical wonder cosmic underwater night stars',
  jazzy: 'jazz jazzy lofi lo-fi swing blues smooth lounge cafe coffee funk groove hip hop chill',
};
const instrumentWords: Record<Instrument, string> = {
  pad: 'pad synth synthesizer ambient drone atmosphere texture organ choir',
  keys: 'piano keys keyboard rhodes electric epiano wurlitzer',
  pluck: 'guitar pluck plucked harp ukulele acoustic mandolin kalimba banjo lute',
  bass: 'bass sub cello contrabass',
  bells: 'bell bells glockenspiel vibraphone marimba celesta chime chimes xylophone music-box flute',
  strings: 'strings violin violins viola orchestra orchestral brass horns',
  drums: 'drum drums percussion beat beats hat hats kick snare shaker groove hip-hop',
};
const usualBpm: Record<Mood, number> = { calm: 72, happy: 112, sad: 68, tense: 84, epic: 92, dreamy: 76, jazzy: 86 };
const usualInstruments: Record<Mood, Instrument[]> = {
  calm: ['pad', 'keys', 'pluck', 'bass'],
  happy: ['keys', 'pluck', 'bass', 'drums', 'bells'],
  sad: ['pad', 'keys', 'strings', 'bass'],
  tense: ['pad', 'strings', 'bass', 'drums'],
  epic: ['strings', 'pad', 'bass', 'drums', 'bells'],
  dreamy: ['pad', 'bells', 'pluck', 'bass'],
  jazzy: ['keys', 'bass', 'drums', 'pluck'],
};

/** What the words of a prompt ask for where the parameters leave it open. */
export function musicFor(
  words: { text: string; mood?: string; instruments?: string; bpm?: number },
  asked: { mood?: Mood; bpm?: number; instruments?: Instrument[] },
): Pick<MusicOrder, 'mood' | 'bpm' | 'instruments'> {
  const text = `${words.mood ?? ''} ${words.text}`.slice(0, 10_000);
  const mood = asked.mood ?? best(moodWords, text) ?? 'calm';
  const named = instruments.filter((name) =>
    has(instrumentWords[name], `${words.instruments ?? ''} ${words.text}`.slice(0, 10_000)),
  );
  const chosen =
    named.length === 0
      ? usualInstruments[mood]
      : [...new Set<Instrument>([...named, 'bass', moods[mood].bright < 0.5 ? 'pad' : 'keys'])];
  return { mood, bpm: asked.bpm ?? clampBpm(words.bpm) ?? usualBpm[mood], instruments: asked.instruments ?? chosen };
}

function clampBpm(bpm: number | undefined): number | undefined {
  return bpm === undefined || !Number.isFinite(bpm) ? undefined : Math.min(180, Math.max(50, bpm));
}

function best(lists: Record<Mood, string>, text: string): Mood | undefined {
  const scored = (Object.entries(lists) as [Mood, string][]).map(([mood, words]) => ({
    mood,
    hits: wordsOf(text).filter((word) => words.split(' ').includes(word)).length,
  }));
  const top = scored.sort((a, b) => b.hits - a.hits)[0];
  return top === undefined || top.hits === 0 ? undefined : top.mood;
}

function has(words: string, text: string): boolean {
  const list = words.split(' ');
  return wordsOf(text).some((word) => list.includes(word));
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}-]{2,30}/gu) ?? [];
}
