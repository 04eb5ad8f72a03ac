import { FileUp, X } from 'lucide-react';
import { useRef, useState } from 'react';
import { useFormatter, useTranslations } from 'use-intl';
import { IconButton } from '../../components/button.tsx';
import { classNames } from '../../components/class-names.ts';
import { type InputProps, textOf, tied } from './input-props.ts';

const defaultMost = 700 * 1024;

/** A file as a data URL: dropped, pasted or picked. */
export function FileInput(props: InputProps) {
  const words = useTranslations('view');
  const format = useFormatter();
  const { value, settings, disabled, onChange } = props;
  const [fault, setFault] = useState<string | null>(null);
  const [isOver, setOver] = useState(false);
  const [name, setName] = useState<string | null>(null);
  const picker = useRef<HTMLInputElement>(null);
  const most = typeof settings['max_bytes'] === 'number' ? settings['max_bytes'] : defaultMost;
  const accept = Array.isArray(settings['accept']) ? settings['accept'].join(',') : textOf(settings['accept']);
  const take = (file: File | null | undefined): void => {
    if (!file || disabled) return;
    if (!isAccepted(file, accept)) return setFault(words('fileWrongKind', { kinds: accept }));
    if (file.size > most) return setFault(words('fileTooLarge', { size: format.number(Math.floor(most / 1024)) }));
    setFault(null);
    setName(file.name);
    const reader = new FileReader();
    reader.addEventListener('load', () => onChange(reader.result));
    reader.addEventListener('error', () => setFault(words('fileUnreadable')));
    reader.readAsDataURL(file);
  };
  const text = textOf(value);
  return (
    <div
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        take(event.dataTransfer.files[0]);
      }}
      onPaste={(event) => take(event.clipboardData.files[0])}
      className={classNames(
        'grid gap-2 rounded-md border border-dashed p-3',
        isOver ? 'border-accent bg-accent-soft' : 'border-line-strong',
      )}
    >
      {text === '' ? null : (
        <span className="flex items-center gap-2 text-sm">
          {text.startsWith('data:image/') ? <img src={text} alt="" className="max-h-24 rounded-sm" /> : null}
          <span data-content dir="auto" className="min-w-0 flex-1 truncate">
            {name ?? words('aFile')}
          </span>
          <IconButton
            label={words('remove')}
            disabled={disabled}
            icon={<X aria-hidden className="size-4" />}
            onClick={() => onChange(undefined)}
          />
        </span>
      )}
      <label className="flex min-h-11 cursor-pointer items-center gap-2 rounded-sm text-sm has-focus-visible:outline-2 has-focus-visible:outline-accent">
        <FileUp aria-hidden className="size-5 text-ink-soft" />
        <span>{words('dropFile')}</span>
        <input
          ref={picker}
          {...tied(props)}
          type="file"
          accept={accept === '' ? undefined : accept}
          disabled={disabled}
          onChange={(event) => {
            take(event.target.files?.[0]);
            // The same file may be picked again after it was taken away.
            event.target.value = '';
          }}
          className="sr-only"
        />
      </label>
      {fault === null ? null : (
        <p role="alert" className="text-sm text-bad">
          {fault}
        </p>
      )}
    </div>
  );
}

/** By the same words as the browser's own picker: `.png`, `image/*`, `image/png`. */
function isAccepted({ name, type }: File, accept: string): boolean {
  const kinds = accept
    .split(',')
    .map((kind) => kind.trim().toLowerCase())
    .filter((kind) => kind !== '');
  return (
    kinds.length === 0 ||
    kinds.some((kind) => {
      if (kind.startsWith('.')) return name.toLowerCase().endsWith(kind);
      return kind.endsWith('/*') ? type.startsWith(kind.slice(0, -1)) : type === kind;
    })
  );
}
