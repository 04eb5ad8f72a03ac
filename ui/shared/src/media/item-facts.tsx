import { useFormatter, useTranslations } from 'use-intl';
import { classNames } from '../components/class-names.ts';
import { clock } from './audio-player.tsx';
import type { MediaItem } from './media-item.ts';

interface Fact {
  name: string;
  /** In the page's language; otherwise the name is the author's own. */
  isWord: boolean;
  value: string;
}

/** How something was made: who made it, its size and seed, and the settings as they were entered. */
export function ItemFacts({ item, against }: { item: MediaItem; against?: MediaItem }) {
  const facts = useFacts(item);
  const others = useFacts(against ?? item);
  return (
    <dl className="grid grid-cols-[minmax(6rem,auto)_1fr] gap-x-4 gap-y-2 text-sm">
      {facts.map(({ name, isWord, value }) => {
        const differs = against !== undefined && others.find((other) => other.name === name)?.value !== value;
        return (
          <div
            key={name}
            className={classNames('col-span-2 grid grid-cols-subgrid', differs && 'rounded-sm bg-warn-soft')}
          >
            <dt className="text-ink-soft" {...(isWord ? {} : { 'data-content': true, dir: 'auto' })}>
              {name}
            </dt>
            <dd data-content dir="auto" className="max-h-40 overflow-auto whitespace-pre-wrap">
              {value}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

function useFacts({ provider, seed, width, height, durationMs, params = {}, paramLabels = {} }: MediaItem): Fact[] {
  const words = useTranslations('media');
  const format = useFormatter();
  const known: [string, string | undefined][] = [
    [words('provider'), provider],
    [words('size'), width === undefined || height === undefined ? undefined : `${width} × ${height}`],
    [words('length'), durationMs === undefined ? undefined : clock(durationMs / 1000)],
    [words('seed'), seed === undefined ? undefined : String(seed)],
  ];
  return [
    ...known.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value, isWord: true }])),
    ...Object.entries(params)
      .filter(([name, value]) => value !== '' && value !== null && name !== 'seed')
      .map(([name, value]) => ({
        name: paramLabels[name] ?? inWords(name),
        isWord: false,
        value: textOf(value, (number) => format.number(number)),
      })),
  ];
}

function textOf(value: unknown, number: (value: number) => string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return number(value);
  return JSON.stringify(value, null, 2);
}

/** A parameter's name as a person would write it. */
function inWords(name: string): string {
  const words = name.replaceAll(/[_-]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
