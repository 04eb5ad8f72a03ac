import { CircleAlert, RotateCcw, X } from 'lucide-react';
import { type RefObject, useRef } from 'react';
import { useTranslations } from 'use-intl';
import { Button, IconButton } from '../../components/button.tsx';
import { ProgressBar } from '../../components/progress-bar.tsx';
import { Spinner } from '../../components/spinner.tsx';
import { useColumns } from '../use-columns.ts';
import type { Execution } from '../../interaction/host.ts';
import { isKnown, typicalMs, useClock } from './use-executions.ts';

const LEAST_WIDTH = 180;
const GAP = 12;

/** What is being made: a tile for each item that is expected, at once; and what failed, with its reason (ux.md U9). */
export function PendingTiles({
  executions,
  all,
  onCancel,
  onRetry,
  onDismiss,
}: {
  /** Running and failed ones of this block. */
  executions: readonly Execution[];
  /** All of the question, for how long one usually takes. */
  all: readonly Execution[];
  onCancel: (executionId: string) => void;
  onRetry: (execution: Execution) => void;
  onDismiss: (executionId: string) => void;
}) {
  const words = useTranslations('media');
  const list = useRef<HTMLUListElement>(null);
  const running = executions.filter(({ status }) => status === 'running');
  const now = useClock(running.length > 0);
  if (executions.length === 0) return null;
  return (
    <div className="grid gap-2">
      {running.length > 1 ? (
        <div className="flex items-center gap-3">
          <p className="text-sm text-ink-soft">{words('running', { count: running.length })}</p>
          <Button
            size="medium"
            look="quiet"
            icon={<X aria-hidden className="size-4" />}
            onClick={() => running.forEach(({ executionId }) => onCancel(executionId))}
          >
            {words('cancelAll')}
          </Button>
        </div>
      ) : null}
      <Grid list={list} label={words('beingMade')}>
        {executions.flatMap((execution) =>
          execution.status === 'failed' ? (
            <FailedTile key={execution.executionId} execution={execution} onRetry={onRetry} onDismiss={onDismiss} />
          ) : (
            Array.from({ length: Math.max(1, execution.expected ?? 1) }, (_, index) => (
              <RunningTile
                key={`${execution.executionId} ${index}`}
                execution={execution}
                index={index}
                elapsedMs={Math.max(0, now - execution.startedAt)}
                typical={typicalMs(all, execution.params?.['provider'])}
                onCancel={onCancel}
              />
            ))
          ),
        )}
      </Grid>
    </div>
  );
}

function Grid({
  list,
  label,
  children,
}: {
  list: RefObject<HTMLUListElement | null>;
  label: string;
  children: React.ReactNode;
}) {
  const columns = useColumns(list, LEAST_WIDTH, GAP);
  return (
    <ul
      ref={list}
      aria-label={label}
      className="grid gap-3 p-1"
      style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}
    >
      {children}
    </ul>
  );
}

function RunningTile({
  execution,
  index,
  elapsedMs,
  typical,
  onCancel,
}: {
  execution: Execution;
  index: number;
  elapsedMs: number;
  typical: number | undefined;
  onCancel: (executionId: string) => void;
}) {
  const words = useTranslations('media');
  const { executionId, expected = 1, percent, message } = execution;
  const seconds = Math.floor(elapsedMs / 1000);
  const share = percent ?? (typical === undefined ? undefined : Math.min(95, (elapsedMs / typical) * 100));
  return (
    <li
      aria-busy
      data-pending={executionId}
      className="relative grid aspect-square content-center justify-items-center gap-2 overflow-hidden rounded-md border border-dashed border-line-strong bg-sunken p-3 text-center text-sm"
    >
      <Spinner className="size-6 text-accent" />
      {/* The message is the provider's or the worker's own. */}
      <p className="line-clamp-2 text-xs text-ink-soft" data-content dir="auto">
        {message}
      </p>
      <ProgressBar
        value={share === undefined ? undefined : Math.round(share)}
        label={words('progressOf', { index: index + 1, count: expected })}
        className="w-4/5"
      />
      <p className="text-xs text-ink-soft tabular-nums">
        {percent === undefined
          ? typical === undefined
            ? words('elapsed', { seconds })
            : words('elapsedOf', { seconds, typical: Math.max(1, Math.round(typical / 1000)) })
          : words('percent', { percent: Math.round(percent) })}
      </p>
      {isKnown(execution) ? (
        <IconButton
          label={words('cancelMaking', { count: expected })}
          icon={<X aria-hidden className="size-4" />}
          onClick={() => onCancel(executionId)}
          className="absolute end-0 top-0"
        />
      ) : null}
    </li>
  );
}

function FailedTile({
  execution,
  onRetry,
  onDismiss,
}: {
  execution: Execution;
  onRetry: (execution: Execution) => void;
  onDismiss: (executionId: string) => void;
}) {
  const words = useTranslations('media');
  const common = useTranslations('common');
  return (
    <li className="relative grid aspect-square content-center justify-items-center gap-2 overflow-auto rounded-md border border-bad bg-bad-soft p-3 text-center">
      <CircleAlert aria-hidden className="size-6 text-bad" />
      <p role="alert" className="line-clamp-4 text-xs text-ink" data-content dir="auto">
        {execution.error?.message ?? execution.message}
      </p>
      <Button
        size="medium"
        icon={<RotateCcw aria-hidden className="size-4" />}
        onClick={() => onRetry(execution)}
        disabled={execution.params === undefined}
      >
        {common('retry')}
      </Button>
      <IconButton
        label={words('dismiss')}
        icon={<X aria-hidden className="size-4" />}
        onClick={() => onDismiss(execution.executionId)}
        className="absolute end-0 top-0"
      />
    </li>
  );
}
