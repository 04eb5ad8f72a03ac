import { fieldModes, type FormState, modeValue, modeValues } from '@wfm/workflow-engine/display';
import { type ReactNode, useId, useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import { SchemaForm } from './schema-form.tsx';

/** A value with two editors: a preset, or width and height (format.md 18.2, `modes`). */
export function ModeSwitch({
  ui,
  value,
  onChange,
  disabled,
  children,
}: {
  ui: Record<string, unknown>;
  value: unknown;
  onChange: (value: unknown) => void;
  disabled: boolean;
  children: ReactNode;
}) {
  const words = useTranslations('view');
  const id = useId();
  const modes = useMemo(() => fieldModes(ui), [ui]);
  const [chosen, setChosen] = useState(-1);
  const mode = modes[chosen];
  const initial = useMemo<FormState>(
    () => ({ values: mode ? modeValues(mode, value) : {}, edited: [] }),
    // Only when another editor is opened: what is typed in it must not be read back into it.
    [mode],
  );
  if (modes.length === 0) return children;
  return (
    <div className="grid gap-2">
      <div role="radiogroup" aria-label={words('editors')} className="flex flex-wrap gap-3 text-sm">
        {[words('plainEditor'), ...modes.map(({ name }) => name)].map((name, index) => (
          <label key={name} className="flex min-h-8 items-center gap-1.5">
            <input
              type="radio"
              name={id}
              checked={chosen === index - 1}
              disabled={disabled}
              onChange={() => setChosen(index - 1)}
              className="accent-accent"
            />
            <span data-content={index > 0 || undefined} dir="auto">
              {name}
            </span>
          </label>
        ))}
      </div>
      {mode ? (
        <SchemaForm
          key={chosen}
          schema={mode.schema}
          initial={initial}
          onChange={({ values }) => onChange(modeValue(mode, values))}
          disabled={disabled}
        />
      ) : (
        children
      )}
    </div>
  );
}
