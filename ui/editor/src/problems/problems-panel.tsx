import { Button, EmptyState, Notice, Skeleton } from '@wfm/shared/components';
import { useLate } from '@wfm/shared/app';
import type { Diagnostic } from '@wfm/workflow-engine/models';
import { CircleAlert, CircleCheck, Info, TimerReset, TriangleAlert, WandSparkles } from 'lucide-react';
import { type KeyboardEvent, useMemo, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import { focusWhenMounted } from '@wfm/shared/state';
import { nodeAtPlace } from '../workbench/module-facts.ts';
import { type CheckState, useChecks, useDocument, useWorkbench } from '../workbench/workbench.ts';
import { outlineOf } from '../document/outline.ts';
import { fixOf } from './fix-problem.ts';
import { goToProblem, nameOf, problemsOf, selectionOf } from './problem-acts.ts';
import { useFindingWords } from './use-finding-words.ts';
import { useLastGoodChecks } from './use-last-good-checks.ts';

const icons = { error: CircleAlert, warning: TriangleAlert, info: Info };
const colours = { error: 'text-bad', warning: 'text-warn', info: 'text-ink-soft' };

/** Everything that the checks find, the gravest first; each leads to its field (E15). */
export function ProblemsPanel() {
  const words = useTranslations('preview.problems');
  const newest = useChecks();
  const checks = useLastGoodChecks(newest);
  const late = useLate(newest === null);
  const problems = useMemo(() => problemsOf(checks), [checks]);
  const isStuck = newest !== null && 'failed' in newest.checked;
  const count = (severity: Diagnostic['severity']): number =>
    problems.filter((problem) => problem.severity === severity).length;
  return (
    <section aria-label={words('title')} className="flex h-full min-h-0 flex-col bg-surface">
      {isStuck ? <Stuck /> : null}
      {checks === null ? (
        late ? (
          <Skeleton className="m-3 h-20" />
        ) : null
      ) : problems.length === 0 ? (
        <EmptyState icon={<CircleCheck aria-hidden className="size-6 text-good" />} title={words('ready')}>
          {words('readyText')}
        </EmptyState>
      ) : (
        <>
          <p role="status" className="border-b border-line px-4 py-2 text-xs text-ink-soft">
            {words('count', { errors: count('error'), warnings: count('warning') })}
            {count('error') > 0 ? <> · {words('blocks')}</> : null}
          </p>
          <ProblemsList problems={problems} checks={checks} />
        </>
      )}
    </section>
  );
}

/** The worker hung, was ended, and has been begun anew. */
function Stuck() {
  const words = useTranslations('preview.problems');
  const { check } = useWorkbench();
  return (
    <div className="p-2">
      <Notice
        live
        tone="warn"
        icon={<TimerReset aria-hidden className="size-5" />}
        title={words('tooLong')}
        action={
          <Button size="small" onClick={check}>
            {words('restart')}
          </Button>
        }
      >
        {words('tooLongText')}
      </Notice>
    </div>
  );
}

function ProblemsList({ problems, checks }: { problems: readonly Diagnostic[]; checks: CheckState }) {
  const words = useTranslations('preview.problems');
  const workbench = useWorkbench();
  const list = useRef<VirtualizerHandle>(null);
  const box = useRef<HTMLDivElement>(null);
  const [lastAt, setAt] = useState(0);
  const at = Math.min(lastAt, problems.length - 1);
  const focusRow = (index: number): void => {
    const next = Math.max(0, Math.min(index, problems.length - 1));
    setAt(next);
    list.current?.scrollToIndex(next, { align: 'nearest' });
    if (box.current) focusWhenMounted(`[data-row="${next}"]`, box.current);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: problems.length - 1 }[event.key];
    if (by === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    focusRow(by);
  };
  return (
    <div
      ref={box}
      role="list"
      aria-label={words('title')}
      onKeyDown={onKeyDown}
      className="min-h-0 flex-1 overflow-auto"
    >
      <Virtualizer ref={list} data={problems} itemSize={56} keepMounted={[at]}>
        {(problem, index) => (
          <div key={`${nameOf(problem)} ${index}`} role="listitem">
            <Problem
              problem={problem}
              checks={checks}
              index={index}
              isCurrent={index === at}
              onGo={() => {
                setAt(index);
                goToProblem(workbench, problem);
              }}
            />
          </div>
        )}
      </Virtualizer>
    </div>
  );
}

function Problem({
  problem,
  checks,
  index,
  isCurrent,
  onGo,
}: {
  problem: Diagnostic;
  checks: CheckState;
  index: number;
  isCurrent: boolean;
  onGo: () => void;
}) {
  const words = useTranslations('preview.problems');
  const explain = useFindingWords();
  const { severity, code, place, file, params, hint } = problem;
  const Icon = icons[severity];
  const { title, text, verbatim } = explain(problem);
  const node = nodeAtPlace(outlineOf(checks.of), place);
  const nearest = params['nearest'];
  const workbench = useWorkbench();
  const here = useDocument();
  const fix = useMemo(() => fixOf(here, problem, selectionOf(node)), [here, problem, node]);
  return (
    <div className="flex items-start border-b border-line hover:bg-sunken">
      <button
        type="button"
        data-row={index}
        data-code={code}
        tabIndex={isCurrent ? 0 : -1}
        onClick={onGo}
        className="flex min-w-0 flex-1 items-start gap-3 px-4 py-2 text-start text-sm -outline-offset-2"
      >
        <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 ${colours[severity]}`} />
        <span className="grid min-w-0 flex-1 gap-0.5">
          <span className="flex flex-wrap items-baseline gap-x-2">
            <span className="sr-only">{words(`severity_${severity}`)}: </span>
            <span className="font-medium">{title}</span>
            <code className="text-xs text-ink-faint" data-content dir="ltr">
              {node === '' ? (file ?? words('workflow')) : node}
            </code>
            <code className="ms-auto text-xs text-ink-faint" data-content dir="ltr">
              {code}
            </code>
          </span>
          <span className="text-ink-soft" {...(verbatim ? { 'data-content': true, dir: 'auto' } : {})}>
            {text}
          </span>
          {typeof nearest === 'string' ? (
            <span className="text-accent-strong">{words('nearest', { nearest })}</span>
          ) : hint === undefined ? null : (
            <span className="text-ink-soft" data-content dir="auto">
              {hint}
            </span>
          )}
          {place === '' ? null : (
            <code className="truncate text-xs text-ink-faint" data-content dir="ltr">
              {file === undefined || node === '' ? place : `${file} · ${place}`}
            </code>
          )}
        </span>
      </button>
      {fix ? (
        <Button
          size="small"
          className="m-2"
          icon={<WandSparkles aria-hidden className="size-4" />}
          onClick={() => workbench.store.acts.run(fix)}
        >
          {words('use', { nearest: String(nearest) })}
        </Button>
      ) : null}
    </div>
  );
}
