import { IconButton } from '@wfm/shared/components';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { Code } from '../preview/failure-card.tsx';
import { valueText } from '../preview/value-text.ts';
import { goToPlace } from '../problems/problem-acts.ts';
import { useChecks, useWorkbench } from '../workbench/workbench.ts';
import { usesOf, usesOfKey } from './key-uses.ts';

/** One key of state: its value, and the fields that write and read it, each a way there (E14). */
export function KeyDetails({ stateKey, value }: { stateKey: string; value: unknown }) {
  const words = useTranslations('preview.state');
  const { desk } = useWorkbench();
  const { writes, reads } = usesOfKey(usesOf(useChecks()), stateKey);
  return (
    <section
      aria-label={stateKey}
      className="grid max-h-[55%] min-h-0 shrink-0 gap-3 overflow-auto border-t border-line bg-ground p-3"
    >
      <div className="flex items-center gap-2">
        <code className="min-w-0 flex-1 truncate text-xs font-semibold" data-content dir="ltr">
          {stateKey}
        </code>
        <IconButton
          size="small"
          label={words('clear')}
          icon={<X aria-hidden className="size-3.5" />}
          onClick={() => desk.setState({ stateKey: null })}
        />
      </div>
      <Uses title={words('written')} none={words('nobodyWrites')} uses={writes} start={words('initial')} />
      <Uses title={words('read')} none={words('nobodyReads')} uses={reads} start={words('atEnd')} />
      <Part title={words('value')}>
        {value === undefined ? (
          <p className="text-xs text-ink-faint">{words('notYet')}</p>
        ) : (
          <Code>{valueText(value)}</Code>
        )}
      </Part>
    </section>
  );
}

interface Use {
  readonly place: string;
  readonly step_id?: string;
  readonly module_name?: string;
}

function Uses({ title, none, start, uses }: { title: string; none: string; start: string; uses: readonly Use[] }) {
  const workbench = useWorkbench();
  return (
    <Part title={title}>
      {uses.length === 0 ? <p className="text-xs text-ink-faint">{none}</p> : null}
      <ul className="grid">
        {uses.map((use, index) => (
          <li key={`${use.place} ${index}`}>
            <button
              type="button"
              onClick={() => goToPlace(workbench, use.place)}
              className="flex min-h-7 w-full items-baseline gap-2 rounded-sm px-1 text-start text-xs hover:bg-sunken"
            >
              {use.module_name === undefined ? (
                <span>{start}</span>
              ) : (
                <code data-content dir="ltr" className="font-medium">
                  {use.module_name}
                </code>
              )}
              <code className="min-w-0 flex-1 truncate text-ink-faint" data-content dir="ltr">
                {use.place.replace(/^steps\[\d+\]\.modules\[\d+\]\.?/, '')}
              </code>
            </button>
          </li>
        ))}
      </ul>
    </Part>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="grid gap-1">
      <h3 className="text-xs font-medium text-ink-soft">{title}</h3>
      {children}
    </div>
  );
}
