import { ExternalLink, FileDown, ImageOff, Maximize2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { classNames } from '../components/class-names.ts';
import { AudioPlayer } from './audio-player.tsx';
import {
  downloadAddress,
  isLink,
  isLoadable,
  mediaAddress,
  pictureAddress,
  type ThumbnailWidth,
} from './media-address.ts';

export interface MediaViewProps {
  /** As data carries it, or absolute. */
  url: string;
  mime: string;
  /** What is to be seen or heard, for those who do not. */
  alt: string;
  captionsUrl?: string;
  peaksUrl?: string;
  /** About how wide it is drawn; a picture is fetched in that size. */
  width?: ThumbnailWidth;
  /** In pixels, where it is known: its place is kept free until it is there. */
  size?: { width: number; height: number };
  /** A still of a film. */
  posterUrl?: string;
  className?: string;
  /** Shows it large. */
  onOpen?: () => void;
}

/** A picture, a sound, a film or a file: the element is chosen by `mime`, never by a name (format.md 15.4). */
export function MediaView(props: MediaViewProps) {
  const { url, mime, alt, captionsUrl, posterUrl, className } = props;
  const address = mediaAddress(url);
  if (!isLoadable(address)) return <ForeignFile address={address} />;
  if (mime.startsWith('image/')) return <Picture key={url} {...props} />;
  if (mime.startsWith('audio/')) return <AudioPlayer key={url} {...props} />;
  if (mime.startsWith('video/')) {
    return (
      <video
        controls
        playsInline
        preload="metadata"
        src={address}
        aria-label={alt}
        {...(posterUrl === undefined ? {} : { poster: mediaAddress(posterUrl) })}
        className={classNames('max-h-96 w-full rounded-md bg-sunken', className)}
      >
        {captionsUrl === undefined ? null : <track default kind="captions" src={mediaAddress(captionsUrl)} />}
      </video>
    );
  }
  return <FileLink url={url} name={alt} mime={mime} />;
}

function Picture({ url, mime, alt, width = 640, size, className, onOpen }: MediaViewProps) {
  const words = useTranslations('media');
  const [isBroken, setBroken] = useState(false);
  if (isBroken) {
    return (
      <p className="flex min-h-24 items-center justify-center gap-2 rounded-md bg-sunken p-3 text-sm text-ink-soft">
        <ImageOff aria-hidden className="size-5 shrink-0" />
        {words('cannotShow')}
      </p>
    );
  }
  const picture = (
    <img
      src={pictureAddress(url, mime, width)}
      alt={alt}
      {...size}
      loading="lazy"
      decoding="async"
      onError={() => setBroken(true)}
      className={classNames('h-auto max-h-96 w-full rounded-md object-contain', className)}
    />
  );
  if (!onOpen) return picture;
  return (
    <button
      type="button"
      onClick={onOpen}
      className="group relative block w-full rounded-md"
      aria-label={alt === '' ? words('enlarge') : words('enlargeNamed', { name: alt })}
    >
      {picture}
      <span
        aria-hidden
        className="absolute end-2 top-2 rounded-md bg-surface/90 p-1.5 text-ink-soft opacity-0 shadow-1 transition-opacity group-hover:opacity-100 group-focus-visible:opacity-100"
      >
        <Maximize2 className="size-4" />
      </span>
    </button>
  );
}

/** Nothing is loaded from a server that is not ours: a link says where it is. */
function ForeignFile({ address }: { address: string }) {
  const words = useTranslations('media');
  if (!isLink(address)) return <code className="text-sm break-all">{address}</code>;
  return (
    <a
      href={address}
      target="_blank"
      rel="noreferrer noopener"
      className="inline-flex min-h-11 items-center gap-2 text-sm text-accent-strong underline"
    >
      <ExternalLink aria-hidden className="size-4 shrink-0" />
      {words('openAt', { host: new URL(address).host })}
    </a>
  );
}

function FileLink({ url, name, mime }: { url: string; name: string; mime: string }) {
  return (
    <a
      href={downloadAddress(url)}
      download
      className="inline-flex min-h-11 items-center gap-2 text-sm text-accent-strong underline"
    >
      <FileDown aria-hidden className="size-4 shrink-0" />
      <span data-content dir="auto">
        {name === '' ? mime : name}
      </span>
    </a>
  );
}
