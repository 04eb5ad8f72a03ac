import { Badge, type Tone } from '@wfm/shared/components';
import { wordChanges, WordDiff } from '@wfm/shared/word-diff';
import type { VersionChange } from '@wfm/workflow-engine/definition';
import { useTranslations } from 'use-intl';

const tones: Record<VersionChange['type'], Tone> = { added: 'good', removed: 'bad', changed: 'warn' };
const shownAtOnce = 100;

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
  const { old_value: old, new_value: next } = change;
  const changes = typeof old === 'string' && typeof next === 'string' ? wordChanges(old, next) : null;
  if (changes) {
    return (
      <p data-content dir="auto" className="whitespace-pre-wrap">
        <WordDiff changes={changes} />
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
