import { Badge, type Tone } from '@wfm/shared/components';
import type { VersionChange } from '@wfm/workflow-engine/definition';
import { diffWords } from 'diff';
import { useTranslations } from 'use-intl';

const tones: Record<VersionChange['type'], Tone> = { added: 'good', removed: 'bad', changed: 'warn' };
const shownAtOnce = 100;
const longestDiff = 4_000;

/** What differs between two versions, by place; texts word by word (E17). */
export function VersionChanges({ changes }: { changes: readonly VersionChange[] }) {
  const words = useTranslations('workflow');
  if (changes.length === 0) return <p className="text-sm text-ink-soft">{words('noChanges')}</p>;
  return (
    <ul className="max-h-96 divide-y divide-line overflow-auto rounded-md border border-line" tabIndex={0}>
      {changes.slice(0, shownAtOnce).map((change) => (
        <li key={`${change.type} ${change.path}`} className="grid gap-1 p-3 text-sm">
          <span className="flex flex-wrap items-center gap-2">
            <Badge tone={tones[change.type]}>{words(`change_${change.type}`)}</Badge>
            <code className="text-xs break-all text-ink-soft" dir="ltr">
              {change.path}
            </code>
          </span>
          <Values change={change} />
        </li>
      ))}
      {changes.length > shownAtOnce ? (
        <li className="p-3 text-sm text-ink-soft">{words('moreChanges', { count: changes.length - shownAtOnce })}</li>
      ) : null}
    </ul>
  );
}

function Values({ change }: { change: VersionChange }) {
  const before = textOf(change.old_value);
  const after = textOf(change.new_value);
  const isText = typeof change.old_value === 'string' && typeof change.new_value === 'string';
  if (isText && before.length + after.length <= longestDiff) {
    return (
      <p data-content dir="auto" className="whitespace-pre-wrap">
        {diffWords(before, after).map(({ value, added, removed }, index) =>
          added ? (
            <ins key={index} className="rounded-sm bg-good-soft text-good no-underline">
              {value}
            </ins>
          ) : removed ? (
            <del key={index} className="rounded-sm bg-bad-soft text-bad">
              {value}
            </del>
          ) : (
            value
          ),
        )}
      </p>
    );
  }
  return (
    <div data-content dir="auto" className="grid gap-1 whitespace-pre-wrap">
      {change.old_value === undefined ? null : <del className="text-bad">{before}</del>}
      {change.new_value === undefined ? null : <ins className="text-good no-underline">{after}</ins>}
    </div>
  );
}

function textOf(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}
