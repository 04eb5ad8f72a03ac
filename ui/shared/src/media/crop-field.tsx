import 'react-image-crop/dist/ReactCrop.css';
import { Crop, Maximize } from 'lucide-react';
import { type KeyboardEvent, useEffect, useId, useState } from 'react';
import { ReactCrop } from 'react-image-crop';
import { useTranslations } from 'use-intl';
import { Button } from '../components/button.tsx';
import { type CropRegion, nudged, type PictureSize, withinPicture, withNumber } from './crop-region.ts';
import { mediaAddress } from './media-address.ts';

export interface CropFieldProps {
  url: string;
  alt: string;
  /** Null: the whole picture. */
  value: CropRegion | null;
  onChange: (region: CropRegion | null) => void;
  /** Undefined where what stands around it has a name. */
  label?: string;
  disabled?: boolean;
}

const ANNOUNCE_MS = 500;

/** A part of a picture: drawn, moved by arrow keys or typed, and all three agree to the pixel of the picture (ux.md U11). */
export function CropField({ url, alt, value, onChange, label, disabled = false }: CropFieldProps) {
  const words = useTranslations('media');
  const [size, setSize] = useState<PictureSize | null>(null);
  const [isBroken, setBroken] = useState(false);
  const whole = size && { x: 0, y: 0, ...size };
  const region = size && value ? withinPicture(value, size) : whole;
  const set = (next: CropRegion | undefined): void => {
    if (!next || !size) return;
    const isWhole = next.width === size.width && next.height === size.height;
    onChange(isWhole ? null : next);
  };
  const onKey = (event: KeyboardEvent): void => {
    if (disabled || !size || !region || event.ctrlKey || event.metaKey || event.altKey) return;
    const handle = (event.target as HTMLElement).dataset.ord;
    const next = nudged(region, { key: event.key, shiftKey: event.shiftKey, handle }, size);
    if (!next) return;
    // The library would move by pixels of the screen.
    event.preventDefault();
    event.stopPropagation();
    set(next);
  };
  if (isBroken) return <p className="rounded-md bg-sunken p-3 text-sm text-ink-soft">{words('cannotShow')}</p>;
  const percent = (part: number, of: number): number => (part / of) * 100;
  return (
    <fieldset disabled={disabled} className="grid gap-3">
      {label === undefined ? null : (
        <legend className="mb-2 flex items-center gap-2 text-sm font-medium">
          <Crop aria-hidden className="size-4" />
          {label}
        </legend>
      )}
      {/* A picture is measured from its left edge in every language. */}
      <div dir="ltr" onKeyDownCapture={onKey} className="justify-self-start">
        <ReactCrop
          keepSelection
          ruleOfThirds
          disabled={disabled}
          ariaLabels={handleLabels(words)}
          {...(region && size
            ? {
                crop: {
                  unit: '%' as const,
                  x: percent(region.x, size.width),
                  y: percent(region.y, size.height),
                  width: percent(region.width, size.width),
                  height: percent(region.height, size.height),
                },
              }
            : {})}
          onChange={(_pixels, part) => {
            if (!size) return;
            const of = (share: number, length: number): number => (share / 100) * length;
            const drawn = {
              x: of(part.x, size.width),
              y: of(part.y, size.height),
              width: of(part.width, size.width),
              height: of(part.height, size.height),
            };
            set(withinPicture(drawn, size));
          }}
        >
          <img
            src={mediaAddress(url)}
            alt={alt}
            onLoad={({ currentTarget: { naturalWidth: width, naturalHeight: height } }) =>
              width > 0 && height > 0 ? setSize({ width, height }) : setBroken(true)
            }
            onError={() => setBroken(true)}
            className="max-h-[60dvh] rounded-sm"
          />
        </ReactCrop>
      </div>
      {region && size ? (
        <div className="flex flex-wrap items-end gap-3">
          {(['x', 'y', 'width', 'height'] as const).map((name) => (
            <PixelField
              key={name}
              label={words(`crop_${name}`)}
              value={region[name]}
              most={name === 'x' || name === 'width' ? size.width : size.height}
              onChange={(number) => set(withNumber(region, name, number, size))}
            />
          ))}
          <Button
            look="quiet"
            icon={<Maximize aria-hidden className="size-4" />}
            aria-disabled={value === null}
            onClick={() => onChange(null)}
          >
            {words('wholePicture')}
          </Button>
        </div>
      ) : null}
      <Announced text={region ? words('cropSays', { ...region }) : ''} />
    </fieldset>
  );
}

function PixelField({
  label,
  value,
  most,
  onChange,
}: {
  label: string;
  value: number;
  most: number;
  onChange: (value: number) => void;
}) {
  const id = useId();
  // While it is typed a number may be empty, or not yet what it will be.
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <label htmlFor={id} className="grid gap-1 text-xs font-medium text-ink-soft">
      {label}
      <input
        id={id}
        type="number"
        inputMode="numeric"
        min={0}
        max={most}
        step={1}
        value={typed ?? value}
        onChange={(event) => {
          setTyped(event.target.value);
          const number = event.target.valueAsNumber;
          if (Number.isFinite(number)) onChange(number);
        }}
        onBlur={() => setTyped(null)}
        className="min-h-11 w-24 rounded-md border border-line-strong bg-surface px-3 text-sm font-normal text-ink"
      />
    </label>
  );
}

/** Said once the crop rests, not for every pixel of the way. */
function Announced({ text }: { text: string }) {
  const [said, setSaid] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setSaid(text), ANNOUNCE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <p role="status" className="text-sm text-ink-soft tabular-nums">
      {said}
    </p>
  );
}

function handleLabels(words: ReturnType<typeof useTranslations<'media'>>) {
  return {
    cropArea: words('crop_area'),
    nwDragHandle: words('crop_nw'),
    nDragHandle: words('crop_n'),
    neDragHandle: words('crop_ne'),
    eDragHandle: words('crop_e'),
    seDragHandle: words('crop_se'),
    sDragHandle: words('crop_s'),
    swDragHandle: words('crop_sw'),
    wDragHandle: words('crop_w'),
  };
}
