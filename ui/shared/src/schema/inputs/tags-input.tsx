import { X } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { type InputProps, tied } from './input-props.ts';

/** Words, one after the other: Enter or a comma ends one, Backspace takes the last back. */
export function TagsInput(props: InputProps) {
  const words = useTranslations('view');
  const { value, disabled, onChange } = props;
  const tags = Array.isArray(value) ? (value as unknown[]).map(String) : [];
  const [text, setText] = useState('');
  const add = (more: string): void => {
    const fresh = more
      .split(/[,،、]/)
      .map((tag) => tag.trim())
      .filter((tag) => tag !== '' && !tags.includes(tag));
    setText('');
    if (fresh.length > 0) onChange([...tags, ...fresh]);
  };
  return (
    <div className="flex min-h-11 flex-wrap items-center gap-1 rounded-md border border-line-strong bg-surface p-1.5 focus-within:outline-2 focus-within:outline-accent">
      {tags.map((tag) => (
        <span key={tag} className="inline-flex items-center gap-1 rounded-full bg-sunken ps-2.5 text-sm">
          <span data-content dir="auto">
            {tag}
          </span>
          <button
            type="button"
            disabled={disabled}
            aria-label={words('removeNamed', { name: tag })}
            onClick={() => onChange(tags.filter((other) => other !== tag))}
            className="grid size-8 place-items-center rounded-full text-ink-soft hover:text-ink"
          >
            <X aria-hidden className="size-3.5" />
          </button>
        </span>
      ))}
      <input
        {...tied(props)}
        type="text"
        dir="auto"
        value={text}
        onChange={(event) => {
          // While a text is composed a comma belongs to the composition.
          const ends = /[,،、]/.test(event.target.value) && !(event.nativeEvent as InputEvent).isComposing;
          if (ends) add(event.target.value);
          else setText(event.target.value);
        }}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey && text.trim() !== '') {
            event.preventDefault();
            add(text);
          }
          if (event.key === 'Backspace' && text === '' && tags.length > 0) onChange(tags.slice(0, -1));
        }}
        onBlur={() => add(text)}
        className="min-h-8 min-w-24 flex-1 bg-transparent px-1.5 outline-none"
      />
    </div>
  );
}
