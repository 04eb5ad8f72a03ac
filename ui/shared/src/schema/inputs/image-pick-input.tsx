import { isJsonObject } from '@wfm/workflow-engine/models';
import { classNames } from '../../components/class-names.ts';
import { mediaAddress } from '../../media/media-address.ts';
import type { InputProps } from './input-props.ts';

/** One of several pictures. */
export function ImagePickInput({ id, value, options = [], disabled, describedBy, onChange }: InputProps) {
  return (
    <div className="grid grid-cols-2 gap-2 sm:grid-cols-4" aria-describedby={describedBy}>
      {options.map((option, index) => {
        const isChosen = JSON.stringify(option.value) === JSON.stringify(value);
        const url =
          isJsonObject(option.item) && typeof option.item['url'] === 'string'
            ? option.item['url']
            : String(option.value);
        return (
          <label
            key={index}
            className={classNames(
              'cursor-pointer overflow-hidden rounded-md border p-1 has-focus-visible:outline-2 has-focus-visible:outline-accent',
              isChosen ? 'border-accent ring-1 ring-accent' : 'border-line',
            )}
          >
            <input
              id={index === 0 ? id : undefined}
              type="radio"
              name={id}
              checked={isChosen}
              disabled={disabled}
              onChange={() => onChange(option.value)}
              className="sr-only"
            />
            <img
              src={mediaAddress(url, 320)}
              alt={option.label}
              loading="lazy"
              className="aspect-square w-full rounded-sm object-cover"
            />
          </label>
        );
      })}
    </div>
  );
}
