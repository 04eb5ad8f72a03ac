import { useQuery } from '@tanstack/react-query';
import { Pause, Play, VolumeX } from 'lucide-react';
import { type KeyboardEvent, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { IconButton } from '../components/button.tsx';
import { classNames } from '../components/class-names.ts';
import { callProduction } from '../core/index.ts';
import { mediaAddress, peaksPath } from './media-address.ts';
import { playAlone } from './play-alone.ts';
import { useWave } from './use-wave.ts';

interface Peaks {
  peaks: number[];
  duration_ms: number;
}

const BARS = 200;
const STEP_S = 5;

export interface AudioPlayerProps {
  url: string;
  alt: string;
  /** Where its shape is told; by default at the server that keeps the file. */
  peaksUrl?: string;
  className?: string;
}

/**
 * A sound with its shape, as the server measured it: long files are not decoded in the page. Space plays, the arrows go
 * back and forth. Without a shape it is the browser's own player.
 */
export function AudioPlayer({ url, alt, peaksUrl, className }: AudioPlayerProps) {
  const words = useTranslations('media');
  const audio = useRef<HTMLAudioElement>(null);
  const track = useRef<HTMLDivElement>(null);
  const [isPlaying, setPlaying] = useState(false);
  const [time, setTime] = useState(0);
  const [isBroken, setBroken] = useState(false);
  const shape = usePeaks(peaksUrl ?? peaksPath(url));
  const drawn = useWave(track, audio, shape.data);
  const duration = (shape.data?.duration_ms ?? 0) / 1000;
  const withShape = shape.data !== undefined && drawn !== 'failed';
  const seek = (to: number): void => {
    if (audio.current) audio.current.currentTime = Math.min(duration, Math.max(0, to));
  };
  const toggle = (): void => {
    const player = audio.current;
    if (!player) return;
    if (player.paused) void player.play().catch(() => undefined);
    else player.pause();
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.nativeEvent.isComposing) return;
    const acts: Record<string, () => void> = {
      ' ': toggle,
      ArrowRight: () => seek(time + STEP_S),
      ArrowUp: () => seek(time + STEP_S),
      ArrowLeft: () => seek(time - STEP_S),
      ArrowDown: () => seek(time - STEP_S),
      Home: () => seek(0),
      End: () => seek(duration),
    };
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  if (isBroken) {
    return (
      <p className="flex min-h-11 items-center gap-2 rounded-md bg-sunken p-3 text-sm text-ink-soft">
        <VolumeX aria-hidden className="size-5 shrink-0" />
        {words('cannotPlay')}
      </p>
    );
  }
  return (
    <div
      role="group"
      aria-label={alt === '' ? words('sound') : alt}
      className={classNames('w-full max-w-xl', withShape && 'rounded-md border border-line bg-surface p-2', className)}
    >
      <audio
        ref={audio}
        src={mediaAddress(url)}
        preload="metadata"
        controls={!withShape && !shape.isLoading}
        onPlay={(event) => {
          playAlone(event.currentTarget);
          setPlaying(true);
        }}
        onPause={() => setPlaying(false)}
        onTimeUpdate={(event) => setTime(event.currentTarget.currentTime)}
        onSeeked={(event) => setTime(event.currentTarget.currentTime)}
        onError={() => setBroken(true)}
        className="w-full"
      />
      {withShape ? (
        // The time of a sound runs from left to right in every language.
        <div dir="ltr" className="flex items-center gap-2">
          <IconButton
            label={isPlaying ? words('pause') : words('play')}
            icon={isPlaying ? <Pause aria-hidden className="size-5" /> : <Play aria-hidden className="size-5" />}
            look="plain"
            onClick={toggle}
          />
          <div
            ref={track}
            role="slider"
            tabIndex={0}
            aria-label={words('position')}
            aria-valuemin={0}
            aria-valuemax={Math.round(duration)}
            aria-valuenow={Math.round(time)}
            aria-valuetext={words('timeOf', { time: clock(time), duration: clock(duration) })}
            onKeyDown={onKey}
            className="h-12 min-w-0 flex-1"
          />
          <span aria-hidden className="text-xs whitespace-nowrap text-ink-soft tabular-nums">
            {clock(time)} / {clock(duration)}
          </span>
        </div>
      ) : null}
    </div>
  );
}

function usePeaks(path: string | undefined) {
  return useQuery({
    queryKey: ['peaks', path],
    enabled: path !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    queryFn: async ({ signal }) => {
      const reply = await callProduction(`${path}?n=${BARS}`, { signal });
      return (await reply.json()) as Peaks;
    },
  });
}

/** Minutes and seconds as players show them. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
