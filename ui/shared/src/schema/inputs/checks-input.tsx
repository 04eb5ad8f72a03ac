import { isJsonObject } from '@wfm/workflow-engine/models';
import type { InputProps } from './input-props.ts';

/** Several of a few. */
export function ChecksInput({ id, value, options, schema, disabled, describedBy, onChange }: InputProps) {
  const chosen = Array.isArray(value) ? (value as unknown[]) : [];
  const offered = options ?? optionsOfItems(schema['items']);
  const isChosen = (option: unknown): boolean =>
    chosen.some((entry) => JSON.stringify(entry) === JSON.stringify(option));
  return (
    <div className="grid gap-1" aria-describedby={describedBy}>
      {offered.map((option, index) => (
        <label key={index} className="flex min-h-11 items-center gap-3 rounded-md px-2 hover:bg-sunken">
          <input
            id={index === 0 ? id : undefined}
            type="checkbox"
            checked={isChosen(option.value)}
            disabled={disabled}
            onChange={(event) =>
              onChange(
                event.target.checked
                  ? offered.map((entry) => entry.value).filter((entry) => entry === option.value || isChosen(entry))
                  : chosen.filter((entry) => JSON.stringify(entry) !== JSON.stringify(option.value)),
              )
            }
            className="size-5 accent-accent"
          />
          <span data-content dir="auto">
            {option.label}
          </span>
        </label>
      ))}
    </div>
  );
}

function optionsOfItems(items: unknown): { value: unknown; label: string }[] {
  if (!isJsonObject(items)) return [];
  const { enum: values, oneOf } = items;
  if (Array.isArray(values)) return values.map((value: unknown) => ({ value, label: String(value) }));
  return (Array.isArray(oneOf) ? oneOf : [])
    .filter(isJsonObject)
    .map(({ const: value, title }) => ({ value, label: typeof title === 'string' ? title : String(value) }));
}
