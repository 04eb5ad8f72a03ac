import { WfmError } from '@wfm/workflow-engine/errors';
import type { JsonObject } from '@wfm/workflow-engine/models';
import type { MediaContext, MediaInput } from '@wfm/workflow-engine/ports';
import { randomFor } from './random.ts';
import { filmSize } from './sizes.ts';
import { type FilmPlan, type Move, planFilm } from './video/film-plan.ts';
import { type FilmTools, makeFilm } from './video/make-film.ts';
import { readSound } from './video/read-sound.ts';

/** A film without sound must come to an end: format.md 23 allows no more than this would take. */
const longest = 300;

/** How long a film will be, in seconds, given its first sound's length. */
export function filmSeconds(params: JsonObject, stills: number, sound: number | null): number {
  const asked = params['seconds'];
  if (typeof asked === 'number') return asked;
  return Math.min(longest, Math.max(1, sound ?? stills * Number(params['seconds_per_still'] ?? 4)));
}

/** Makes a film of a request's inputs. Throws as `makeFilm` does, and `input_invalid` for a sound or still that cannot be read. */
export async function filmOf(
  inputs: MediaInput[],
  params: JsonObject,
  seed: number,
  tools: FilmTools,
  context: Pick<MediaContext, 'signal' | 'report'>,
): Promise<{ bytes: Uint8Array; plan: FilmPlan }> {
  const pictures = inputs.filter((input) => input.role !== 'audio');
  const sounds = [];
  for (const [i, input] of inputs.entries()) {
    if (input.role === 'audio') sounds.push(await readSound(await input.read(), `inputs[${i}]`));
    context.signal.throwIfAborted();
  }
  const seconds = filmSeconds(params, pictures.length, sounds[0]?.seconds ?? null);
  const crossfade = Number(params['crossfade'] ?? 0.8);
  if (seconds < pictures.length * 0.5) {
    throw new WfmError('input_invalid', `${pictures.length} stills need at least ${pictures.length * 0.5} seconds.`, {
      place: 'params.seconds',
      params: { limit: pictures.length * 0.5, actual: seconds },
    });
  }
  const captions = (params['captions'] as string[]).filter((text) => text.trim() !== '');
  const plan = planFilm(
    {
      ...filmSize(params),
      fps: Number(params['fps']),
      seconds,
      stills: pictures.length,
      sounds: sounds.length,
      duck: params['sound'] !== 'mix',
      crossfade,
      move: params['move'] as Move | 'auto',
      captions: captions.length,
    },
    randomFor('film', seed),
  );
  const stills = await Promise.all(pictures.map((input) => input.read()));
  return { bytes: await makeFilm(plan, { stills, sounds, captions }, tools, context), plan };
}
