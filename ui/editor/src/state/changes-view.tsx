import { Badge } from '@wfm/shared/components';
import { wordChanges, WordDiff } from '@wfm/shared/word-diff';
import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import { findModule } from '../document/outline.ts';
import { Code } from '../preview/failure-card.tsx';
import { valueText } from '../preview/value-text.ts';
import { useOutline, usePreview, useSelection } from '../workbench/workbench.ts';
import { changesBy, type KeyChange } from './key-uses.ts';

/** What the selected module has changed in flat state: each key before and after (E14). */
export function ChangesView() {
  const words = useTranslations('preview.state');
  const preview = useTranslations('preview');
  const outline = useOutline();
  const selection = useSelection();
  const response = usePreview((state) => state.response);
  const module = selection.kind === 'module' ? findModule(outline, selection.key) : undefined;
  const initial = outline.value['initial_state'];
  const changes = useMemo(
    () => (response && module ? changesBy(response, initial, module.key) : null),
    [response, initial, module],
  );
  if (!module) return <p className="p-4 text-sm text-ink-soft">{words('chooseModule')}</p>;
  return (
    <section aria-label={words('diffOf', { module: module.name })} className="grid gap-3 overflow-auto p-3">
      <h3 className="text-xs text-ink-soft">{words('diffOf', { module: module.name })}</h3>
      {changes === null ? (
        <p className="text-sm text-ink-soft">{preview('notReached', { module: module.name })}</p>
      ) : changes.length === 0 ? (
        <p className="text-sm text-ink-soft">{words('noChange')}</p>
      ) : (
        changes.map((change) => <Change key={change.key} change={change} />)
      )}
    </section>
  );
}

function Change({ change: { key, kind, before, after } }: { change: KeyChange }) {
  const words = useTranslations('preview.state');
  const changes = useMemo(
    () => (typeof before === 'string' && typeof after === 'string' ? wordChanges(before, after) : null),
    [before, after],
  );
  return (
    <div data-change={key} className="grid gap-1">
      <p className="flex items-center gap-2">
        <code className="min-w-0 truncate text-xs font-medium" data-content dir="ltr">
          {key}
        </code>
        <Badge tone={kind === 'added' ? 'good' : 'accent'}>{words(kind)}</Badge>
      </p>
      {changes ? (
        <p data-content dir="auto" className="text-xs whitespace-pre-wrap">
          <WordDiff changes={changes} />
        </p>
      ) : (
        <>
          {kind === 'added' ? null : (
            <>
              <span className="text-xs text-ink-faint">{words('before')}</span>
              <Code>{valueText(before)}</Code>
              <span className="text-xs text-ink-faint">{words('after')}</span>
            </>
          )}
          <Code>{valueText(after)}</Code>
        </>
      )}
    </div>
  );
}
