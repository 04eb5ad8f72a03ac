import { Badge } from '@wfm/shared/components';
import { wordChanges, WordDiff } from '@wfm/shared/word-diff';
import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import { TextBox } from '../text-box.tsx';
import { valueText } from '../value-text.ts';

interface Change {
  type: 'added' | 'removed' | 'changed';
  path: string;
  a?: unknown;
  b?: unknown;
}

/** Where two values differ: for texts word by word, else the one below the other. */
export function ChangeList({ changes, more, title }: { changes: readonly Change[]; more: number; title: string }) {
  const words = useTranslations('run.compare');
  if (changes.length === 0) return null;
  return (
    <div className="border-t border-line px-3 py-2">
      <p className="mb-1 text-xs font-medium text-ink-soft">{title}</p>
      <ul className="grid gap-2">
        {changes.map((change) => (
          <li key={`${change.type} ${change.path}`} className="grid gap-1 text-sm">
            <p className="flex flex-wrap items-center gap-2">
              <code className="text-xs" data-content>
                {change.path === '' ? words('whole') : change.path}
              </code>
              <Badge tone={change.type === 'added' ? 'good' : change.type === 'removed' ? 'bad' : 'neutral'}>
                {words(`change_${change.type}`)}
              </Badge>
            </p>
            <ValuePair a={change.a} b={change.b} />
          </li>
        ))}
      </ul>
      {more > 0 ? <p className="mt-2 text-xs text-ink-soft">{words('moreChanges', { count: more })}</p> : null}
    </div>
  );
}

export function InputChanges({ inputs }: { inputs: readonly { name: string; a?: unknown; b?: unknown }[] }) {
  const words = useTranslations('run.compare');
  if (inputs.length === 0) return null;
  return (
    <div className="border-t border-line px-3 py-2">
      <p className="mb-1 text-xs font-medium text-ink-soft">{words('inputs')}</p>
      <dl className="grid gap-2 text-sm">
        {inputs.map(({ name, a, b }) => (
          <div key={name}>
            <dt>
              <code className="text-xs" data-content>
                {name}
              </code>
            </dt>
            <dd>
              <ValuePair a={a} b={b} />
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function ValuePair({ a, b }: { a: unknown; b: unknown }) {
  const before = a === undefined ? null : valueText(a);
  const after = b === undefined ? null : valueText(b);
  const parts = useMemo(() => (typeof a === 'string' && typeof b === 'string' ? wordChanges(a, b) : null), [a, b]);
  const box = 'max-h-48 rounded-sm px-2 py-1';
  if (parts)
    return (
      <TextBox className={`${box} bg-sunken`}>
        <WordDiff changes={parts} />
      </TextBox>
    );
  return (
    <div className="grid gap-1">
      {before === null ? null : (
        <del className="no-underline">
          <TextBox className={`${box} bg-bad-soft`}>{before}</TextBox>
        </del>
      )}
      {after === null ? null : (
        <ins className="no-underline">
          <TextBox className={`${box} bg-good-soft`}>{after}</TextBox>
        </ins>
      )}
    </div>
  );
}
