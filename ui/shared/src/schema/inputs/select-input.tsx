import { useTranslations } from 'use-intl';
import { boxClass, type InputProps, textOf, tied } from './input-props.ts';

/** The browser's own list: best on a phone, and known to everybody. */
export function SelectInput(props: InputProps) {
  const words = useTranslations('view');
  const { value, options = [], onChange } = props;
  const at = options.findIndex((option) => JSON.stringify(option.value) === JSON.stringify(value));
  // What is no longer offered stays to be seen until something else is chosen.
  const isForeign = at < 0 && value !== undefined && value !== null && value !== '';
  const groups = [...new Set(options.map(({ group }) => group))];
  const entries = options.map((option, index) => ({ ...option, index }));
  const draw = (group: string | undefined) =>
    entries
      .filter((option) => option.group === group)
      .map(({ label, index }) => (
        <option key={index} value={index} data-content>
          {label}
        </option>
      ));
  return (
    <select
      {...tied(props)}
      value={at}
      onChange={(event) => {
        const index = Number(event.target.value);
        onChange(index < 0 ? undefined : options[index]?.value);
      }}
      className={boxClass}
    >
      <option value={-1} data-content={isForeign || undefined}>
        {isForeign ? textOf(value) : words('choose')}
      </option>
      {groups.map((group) =>
        group === undefined ? (
          draw(group)
        ) : (
          <optgroup key={group} label={group}>
            {draw(group)}
          </optgroup>
        ),
      )}
    </select>
  );
}
