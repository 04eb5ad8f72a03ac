import { type RefObject, useEffect, useState } from 'react';
import type WaveSurfer from 'wavesurfer.js';

interface Shape {
  peaks: number[];
  duration_ms: number;
}

/** Draws the shape of a sound into `track`, following `audio`; the library comes when it is wanted. */
export function useWave(
  track: RefObject<HTMLElement | null>,
  audio: RefObject<HTMLAudioElement | null>,
  shape: Shape | undefined,
): 'waiting' | 'drawn' | 'failed' {
  const [state, setState] = useState<'waiting' | 'drawn' | 'failed'>('waiting');
  useEffect(() => {
    if (!shape) return undefined;
    let wave: WaveSurfer | undefined;
    let gone = false;
    const recolour = new MutationObserver(() => wave?.setOptions(colours()));
    import('wavesurfer.js')
      .then(({ default: library }) => {
        const [container, media] = [track.current, audio.current];
        if (gone || !container || !media) return;
        wave = library.create({
          container,
          media,
          peaks: [shape.peaks],
          duration: shape.duration_ms / 1000,
          height: 48,
          barWidth: 2,
          barGap: 1,
          barRadius: 2,
          barMinHeight: 1,
          cursorWidth: 1,
          normalize: true,
          dragToSeek: true,
          hideScrollbar: true,
          ...colours(),
        });
        recolour.observe(document.documentElement, { attributeFilter: ['data-theme'] });
        setState('drawn');
      })
      .catch(() => setState('failed'));
    return () => {
      gone = true;
      recolour.disconnect();
      wave?.destroy();
    };
  }, [track, audio, shape]);
  return state;
}

/** A canvas knows no custom properties. */
function colours(): { waveColor: string; progressColor: string; cursorColor: string } {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string): string => style.getPropertyValue(name).trim();
  return { waveColor: read('--line-strong'), progressColor: read('--accent'), cursorColor: read('--accent') };
}
