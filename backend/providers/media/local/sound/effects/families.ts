import type { Random } from '../../random.ts';

export const effectFamilies = [
  'whoosh',
  'rain',
  'wind',
  'waves',
  'thunder',
  'fire',
  'bell',
  'chime',
  'click',
  'footsteps',
  'knock',
  'impact',
  'alarm',
  'heartbeat',
  'birds',
  'laser',
] as const;
export type EffectFamily = (typeof effectFamilies)[number];

export interface EffectOrder {
  family: EffectFamily;
  seed: number;
  seconds: number;
}

const words: Record<EffectFamily, string> = {
  whoosh: 'whoosh swoosh swish pass transition fly sweep whip',
  rain: 'rain raining drizzle shower rainfall drops',
  wind: 'wind windy breeze gust storm howling air',
  waves: 'wave waves ocean sea surf shore beach water river stream tide',
  thunder: 'thunder lightning rumble thunderstorm earthquake',
  fire: 'fire crackling campfire flame burning fireplace',
  bell: 'bell bells church gong toll tram',
  chime: 'chime success ding notification coin magic sparkle positive complete message',
  click: 'click clicks button tap mouse switch keyboard typing tick clock',
  footsteps: 'footsteps footstep steps walking walk running boots shoes',
  knock: 'knock knocking door wood',
  impact: 'impact hit boom explosion bang crash punch slam thud drum',
  alarm: 'alarm alert siren beep warning buzzer error',
  heartbeat: 'heartbeat heart pulse',
  birds: 'bird birds birdsong forest chirp chirping morning nature',
  laser: 'laser zap scifi robot space blaster',
};

/** The family of the first word that names one; where none does, `random` takes one of those that suit anything. */
export function familyOf(prompt: string, random: Random): EffectFamily {
  for (const [word] of prompt
    .slice(0, 10_000)
    .toLowerCase()
    .matchAll(/\p{L}{2,30}/gu)) {
    const found = effectFamilies.find((family) => words[family].split(' ').includes(word));
    if (found !== undefined) return found;
  }
  return random.pick(['whoosh', 'chime', 'click', 'impact'] as const);
}
