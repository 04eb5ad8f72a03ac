import { Link } from '@tanstack/react-router';
import { Badge, type Tone } from '@wfm/shared/components';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { Ago } from './time.tsx';

export interface RunLine {
  workflow_run_id: string;
  project_name: string;
  template_name: string;
  status: string;
  updated_at: string;
  progress: { step_index: number; total_steps: number };
  status_fields: { id: string; label: string; value: string }[];
}

const tones: Record<string, Tone> = {
  awaiting_input: 'accent',
  completed: 'good',
  error: 'bad',
  cancelled: 'neutral',
  awaiting_task: 'warn',
  processing: 'warn',
};

/** Runs, a line each: its name, what it is about, how it stands. */
export function RunList({ runs, menu }: { runs: readonly RunLine[]; menu?: (run: RunLine) => ReactNode }) {
  const status = useTranslations('status');
  const words = useTranslations('home');
  return (
    <ul className="divide-y divide-line overflow-clip rounded-lg border border-line bg-surface shadow-1">
      {runs.map((run) => (
        <li key={run.workflow_run_id} className="flex items-center gap-2 pe-2 hover:bg-sunken/60">
          <Link
            to="/r/$run"
            params={{ run: run.workflow_run_id }}
            className="flex min-h-14 min-w-0 flex-1 flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5"
          >
            <span className="min-w-40 flex-1">
              <span className="block truncate font-medium" data-content dir="auto">
                {run.project_name}
              </span>
              <span className="block truncate text-sm text-ink-soft" data-content dir="auto">
                {[run.template_name, ...run.status_fields.slice(0, 2).map(({ value }) => value)].join(' · ')}
              </span>
            </span>
            <span className="hidden text-sm text-ink-faint tabular-nums sm:inline">
              {words('steps', {
                done: Math.min(run.progress.step_index, run.progress.total_steps),
                total: run.progress.total_steps,
              })}
            </span>
            <Badge tone={tones[run.status] ?? 'neutral'}>{status(run.status as 'processing')}</Badge>
            <Ago at={run.updated_at} className="text-sm text-ink-faint sm:w-28 sm:text-end" />
          </Link>
          {menu?.(run)}
        </li>
      ))}
    </ul>
  );
}
