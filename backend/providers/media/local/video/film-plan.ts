import type { Random } from '../random.ts';

/** A film as plain numbers: what is shown when, what is heard, and the graph that tells ffmpeg so. */

export const moves = ['zoom_in', 'zoom_out', 'pan_left', 'pan_right', 'rise', 'still'] as const;
export type Move = (typeof moves)[number];

export interface FilmPlan {
  width: number;
  height: number;
  fps: number;
  seconds: number;
  /** How long two stills overlap. */
  crossfade: number;
  stills: { frames: number; move: Move }[];
  sounds: number;
  /** The first sound leads and the others make room for it. */
  duck: boolean;
  /** Pictures of captions, laid over the film. */
  captions: { from: number; to: number }[];
}

/** Shares the length among stills: each but the last also shows while the next one fades in. */
export function planFilm(
  options: Pick<FilmPlan, 'width' | 'height' | 'fps' | 'seconds' | 'sounds' | 'duck'> & {
    stills: number;
    crossfade: number;
    move: Move | 'auto';
    captions: number;
  },
  random: Random,
): FilmPlan {
  const { stills, seconds, fps } = options;
  const crossfade = stills > 1 ? Math.min(options.crossfade, seconds / stills / 2) : 0;
  const each = (seconds + crossfade * (stills - 1)) / stills;
  const start = random.whole(0, 3);
  const varied: readonly Move[] = ['zoom_in', 'pan_right', 'zoom_out', 'pan_left'];
  return {
    ...options,
    crossfade,
    stills: Array.from({ length: stills }, (_, i) => ({
      frames: Math.max(2, Math.ceil(each * fps) + 1),
      move: options.move === 'auto' ? (varied[(start + i) % varied.length] ?? 'zoom_in') : options.move,
    })),
    captions: Array.from({ length: options.captions }, (_, i) => ({
      from: (seconds * i) / options.captions,
      to: (seconds * (i + 1)) / options.captions,
    })),
  };
}

/** The filter graph; inputs are the stills, then the sounds, then the captions. Its ends are `[video]` and `[audio]`. */
export function filterGraph(plan: FilmPlan): string {
  return [...pictures(plan), ...soundChain(plan)].join(';');
}

function pictures(plan: FilmPlan): string[] {
  const { width, height, fps, crossfade, seconds } = plan;
  const parts = plan.stills.map(
    ({ frames, move }, i) => `[${i}:v]${zoom(move, frames, width, height, fps)},setsar=1,format=yuv420p[s${i}]`,
  );
  let last = 's0';
  const shown = (plan.stills[0]?.frames ?? 2) - 1;
  for (let i = 1; i < plan.stills.length; i += 1) {
    const offset = i * (shown / fps - crossfade);
    parts.push(
      `[${last}][s${i}]xfade=transition=fade:duration=${num(crossfade)}:offset=${num(Math.max(0, offset))}[x${i}]`,
    );
    last = `x${i}`;
  }
  const first = plan.stills.length + plan.sounds;
  for (const [i, { from, to }] of plan.captions.entries()) {
    parts.push(`[${last}][${first + i}:v]overlay=0:0:enable='between(t,${num(from + 0.1)},${num(to - 0.1)})'[c${i}]`);
    last = `c${i}`;
  }
  const out = Math.min(0.5, seconds / 8);
  parts.push(
    `[${last}]fade=t=in:d=${num(out)},fade=t=out:st=${num(seconds - out)}:d=${num(out)},format=yuv420p[video]`,
  );
  return parts;
}

/** One still makes all frames of its part: looped inputs behind a zoom never come to an end. */
function zoom(move: Move, frames: number, width: number, height: number, fps: number): string {
  const t = `(on/${frames})`;
  // Slow at both ends, as a hand moves a camera.
  const eased = `(${t}*${t}*(3-2*${t}))`;
  const centre = ['iw/2-(iw/zoom/2)', 'ih/2-(ih/zoom/2)'];
  const settings: Record<Move, [z: string, x: string, y: string]> = {
    zoom_in: [`1+0.16*${eased}`, centre[0] ?? '', centre[1] ?? ''],
    zoom_out: [`1.16-0.16*${eased}`, centre[0] ?? '', centre[1] ?? ''],
    pan_left: ['1.14', `(iw-iw/zoom)*(1-${eased})`, centre[1] ?? ''],
    pan_right: ['1.14', `(iw-iw/zoom)*${eased}`, centre[1] ?? ''],
    rise: ['1.14', centre[0] ?? '', `(ih-ih/zoom)*(1-${eased})`],
    still: ['1', '0', '0'],
  };
  const [z, x, y] = settings[move];
  return `zoompan=z='${z}':x='${x}':y='${y}':d=${frames}:s=${width}x${height}:fps=${fps}`;
}

function soundChain(plan: FilmPlan): string[] {
  const { seconds, sounds, duck } = plan;
  if (sounds === 0) return [];
  const first = plan.stills.length;
  const parts: string[] = [];
  const clean = (i: number): string =>
    `[${first + i}:a]aresample=44100,aformat=sample_fmts=fltp:channel_layouts=stereo`;
  const end = `apad=whole_dur=${num(seconds)},atrim=0:${num(seconds)},afade=t=out:st=${num(Math.max(0, seconds - 0.8))}:d=0.8,alimiter=limit=0.9[audio]`;
  if (sounds === 1) return [`${clean(0)},${end}`];
  const rest = Array.from({ length: sounds - 1 }, (_, i) => `[a${i + 1}]`).join('');
  for (let i = 1; i < sounds; i += 1) parts.push(`${clean(i)},apad=whole_dur=${num(seconds)}[a${i}]`);
  const bed = sounds === 2 ? '[a1]' : '[bed]';
  if (sounds > 2) parts.push(`${rest}amix=inputs=${sounds - 1}:normalize=0[bed]`);
  if (!duck)
    return [
      ...parts,
      `${clean(0)},apad=whole_dur=${num(seconds)}[lead]`,
      `[lead]${bed}amix=inputs=2:normalize=0,${end}`,
    ];
  return [
    ...parts,
    `${clean(0)},apad=whole_dur=${num(seconds)},asplit[lead][key]`,
    `${bed}volume=0.7[quiet]`,
    `[quiet][key]sidechaincompress=threshold=0.03:ratio=9:attack=40:release=500[low]`,
    `[lead][low]amix=inputs=2:normalize=0,${end}`,
  ];
}

function num(value: number): string {
  return value.toFixed(3);
}
