import { isJsonObject } from '@wfm/workflow-engine/models';
import { Suspense } from 'react';
import { useTranslations } from 'use-intl';
import { Skeleton } from '../../components/surfaces.tsx';
import { CropField, type CropRegion } from '../../media/index.ts';
import { JsonInput } from './json-input.tsx';
import type { InputProps } from './input-props.ts';

/** A part of the picture that `source` names (format.md 18.3); without one it is four numbers. */
export function CropInput(props: InputProps) {
  const words = useTranslations('media');
  const { settings, value, disabled, onChange } = props;
  const { source } = settings;
  const url = isJsonObject(source) ? source['url'] : source;
  if (typeof url !== 'string' || !/^(?:\/|data:image\/|https?:)/.test(url)) return <JsonInput {...props} />;
  return (
    <Suspense fallback={<Skeleton className="h-64" />}>
      <CropField
        url={url}
        alt={words('sourcePicture')}
        value={isRegion(value) ? value : null}
        onChange={(region) => onChange(region ?? undefined)}
        disabled={disabled}
      />
    </Suspense>
  );
}

function isRegion(value: unknown): value is CropRegion {
  return isJsonObject(value) && ['x', 'y', 'width', 'height'].every((name) => typeof value[name] === 'number');
}
