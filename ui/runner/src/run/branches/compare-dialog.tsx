import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { ErrorCard } from '@wfm/shared/app';
import { Badge, Button, classNames, Dialog, SearchField, Skeleton } from '@wfm/shared/components';
import { dataOf, productionApi } from '@wfm/shared/core';
import type { LineComparison } from '@wfm/workflow-engine/models';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useLiveRun } from '../model/use-run.ts';
import { Cost, Duration } from '../figures.tsx';
import { useBranches, useBranchName } from './use-branches.ts';
import { ChangeList, InputChanges } from './value-changes.tsx';

/** What is compared: two branches of the run, or the run with another. */
export type Sides = { kind: 'branches'; a: string; b: string } | { kind: 'runs'; other: string | null };

/** Two lines side by side, module by module from where they part: answers, outputs, cost and time (format.md 9.11). */
export function CompareDialog({
  sides,
  onChange,
  onClose,
}: {
  sides: Sides;
  onChange: (sides: Sides) => void;
  onClose: () => void;
}) {
  const words = useTranslations('run.compare');
  const { runId } = useLiveRun();
  const names = useSideNames(sides);
  const { data, error, refetch, isFetching } = useQuery({
    queryKey: ['run', runId, 'compare', sides],
    enabled: sides.kind === 'branches' || sides.other !== null,
    queryFn: () =>
      sides.kind === 'branches'
        ? dataOf(
            productionApi().GET('/workflow/{run}/branches/compare', {
              params: { path: { run: runId }, query: { a: sides.a, b: sides.b } },
            }),
          )
        : dataOf(
            productionApi().GET('/workflow/{run}/compare', {
              params: { path: { run: runId }, query: { with: sides.other ?? '' } },
            }),
          ),
  });
  return (
    <Dialog open onClose={onClose} look="large" title={words('title')} description={words('text')}>
      <div className="grid gap-4">
        {sides.kind === 'branches' ? (
          <BranchChooser sides={sides} onChange={onChange} />
        ) : (
          <RunChooser chosen={sides.other} onChoose={(other) => onChange({ kind: 'runs', other })} />
        )}
        {error ? <ErrorCard error={error} onRetry={() => void refetch()} /> : null}
        {data ? <Comparison data={data} names={names} /> : isFetching ? <Skeleton className="h-64" /> : null}
      </div>
    </Dialog>
  );
}

function useSideNames(sides: Sides): [string, string] {
  const words = useTranslations('run.compare');
  const { runId } = useLiveRun();
  const { nodes } = useBranches(runId);
  const nameOf = useBranchName();
  if (sides.kind === 'runs') return [words('thisRun'), words('otherRun')];
  const name = (id: string): string => {
    const node = nodes.find(({ branch }) => branch.branch_id === id);
    return node ? nameOf(node).text : id;
  };
  return [name(sides.a), name(sides.b)];
}

function BranchChooser({
  sides,
  onChange,
}: {
  sides: Extract<Sides, { kind: 'branches' }>;
  onChange: (sides: Sides) => void;
}) {
  const words = useTranslations('run.compare');
  const { runId } = useLiveRun();
  const { nodes } = useBranches(runId);
  const nameOf = useBranchName();
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      {(['a', 'b'] as const).map((side) => (
        <label key={side} className="grid gap-1 text-sm font-medium">
          {words(`side_${side}`)}
          <select
            value={sides[side]}
            onChange={(event) => onChange({ ...sides, [side]: event.target.value })}
            className="min-h-11 rounded-md border border-line-strong bg-surface px-3 font-normal"
          >
            {nodes.map((node) => (
              <option key={node.branch.branch_id} value={node.branch.branch_id}>
                {nameOf(node).text}
              </option>
            ))}
          </select>
        </label>
      ))}
    </div>
  );
}

function RunChooser({ chosen, onChoose }: { chosen: string | null; onChoose: (run: string) => void }) {
  const words = useTranslations('run.compare');
  const { runId } = useLiveRun();
  const [query, setQuery] = useState('');
  const { data, error, refetch } = useQuery({
    queryKey: ['runs', 'compare', query],
    placeholderData: keepPreviousData,
    queryFn: () =>
      dataOf(
        productionApi().GET('/workflows', {
          params: { query: { limit: 8, ...(query.trim() === '' ? {} : { q: query.trim() }) } },
        }),
      ),
  });
  const others = data?.items.filter((run) => run.workflow_run_id !== runId) ?? [];
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1 text-sm font-medium">{words('chooseRun')}</legend>
      <SearchField label={words('searchRuns')} value={query} onChange={setQuery} />
      {error ? <ErrorCard error={error} onRetry={() => void refetch()} /> : null}
      {data && others.length === 0 ? <p className="text-sm text-ink-soft">{words('noRuns')}</p> : null}
      <div className="flex flex-wrap gap-2">
        {others.map((run) => (
          <Button
            key={run.workflow_run_id}
            aria-pressed={chosen === run.workflow_run_id}
            className={classNames(chosen === run.workflow_run_id && 'border-accent bg-accent-soft')}
            onClick={() => onChoose(run.workflow_run_id)}
          >
            <span data-content dir="auto">
              {run.project_name}
            </span>
            <span className="font-normal text-ink-faint" data-content dir="auto">
              {run.template_name}
            </span>
          </Button>
        ))}
      </div>
    </fieldset>
  );
}

function Comparison({ data, names }: { data: LineComparison; names: [string, string] }) {
  const words = useTranslations('run.compare');
  const { first_difference: first, modules, a, b } = data;
  const differ = modules.filter(({ parts }) => parts.length > 0);
  const equal = modules.length - differ.length;
  return (
    <div className="grid gap-4">
      <p className="rounded-md bg-sunken px-3 py-2 text-sm">
        {first ? (
          <>
            {words(`first_${first.reason}`)}{' '}
            <code data-content>
              {first.step_id} / {first.module_name}
            </code>
          </>
        ) : (
          words('equal')
        )}
      </p>
      <table className="w-full text-sm">
        <thead>
          <tr className="text-start text-xs text-ink-soft">
            <th scope="col" className="py-1 text-start font-medium" />
            {names.map((name, index) => (
              <th key={index} scope="col" className="py-1 text-start font-medium" data-content dir="auto">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr className="border-t border-line">
            <th scope="row" className="py-1.5 text-start font-normal text-ink-soft">
              {words('since')}
            </th>
            {[a, b].map((line, index) => (
              <td key={index} className="py-1.5 tabular-nums">
                <Cost usage={line.usage} /> · <Duration ms={line.duration_ms} />
              </td>
            ))}
          </tr>
        </tbody>
      </table>
      <ol className="grid gap-3">
        {differ.map((pair) => (
          <ModulePair key={`${pair.step_id}/${pair.module_name}`} pair={pair} names={names} />
        ))}
      </ol>
      {equal > 0 ? <p className="text-sm text-ink-soft">{words('sameModules', { count: equal })}</p> : null}
    </div>
  );
}

type Pair = LineComparison['modules'][number];

function ModulePair({ pair, names }: { pair: Pair; names: [string, string] }) {
  const words = useTranslations('run.compare');
  return (
    <li className="overflow-clip rounded-md border border-line">
      <header className="flex flex-wrap items-center gap-2 border-b border-line bg-sunken px-3 py-2">
        <code className="text-sm font-medium" data-content>
          {pair.step_id} / {pair.module_name}
        </code>
        {pair.parts.map((part) => (
          <Badge key={part} tone="warn">
            {words(`part_${part}`)}
          </Badge>
        ))}
      </header>
      <div className="grid divide-line sm:grid-cols-2 sm:divide-x rtl:divide-x-reverse">
        {(['a', 'b'] as const).map((side, index) => (
          <Side key={side} side={pair[side]} name={names[index] ?? ''} />
        ))}
      </div>
      <InputChanges inputs={pair.inputs} />
      {pair.outputs ? (
        <ChangeList title={words('outputs')} changes={pair.outputs.changes} more={pair.outputs.more} />
      ) : null}
    </li>
  );
}

function Side({ side, name }: { side: Pair['a']; name: string }) {
  const words = useTranslations('run.compare');
  const phases = useTranslations('run.phase');
  return (
    <div className="grid content-start gap-1 px-3 py-2 text-sm">
      <p className="text-xs text-ink-faint sm:sr-only" data-content dir="auto">
        {name}
      </p>
      {side === null ? (
        <p className="text-ink-soft">{words('notThere')}</p>
      ) : (
        <>
          <p className="flex flex-wrap items-center gap-2">
            <span>{phases(side.status)}</span>
            <span className="text-ink-soft tabular-nums">
              <Cost usage={side.usage} /> · <Duration ms={side.duration_ms} />
            </span>
            {side.edited_inputs.length > 0 ? <Badge tone="accent">{words('byHand')}</Badge> : null}
          </p>
          {side.answer ? (
            <p className="break-words">
              <span className="text-ink-soft">{words('answer')}</span>{' '}
              <code className="text-xs" data-content dir="auto">
                {JSON.stringify(side.answer.response)}
              </code>
            </p>
          ) : null}
          {side.error ? (
            <p className="text-bad" data-content dir="auto">
              {side.error.message}
            </p>
          ) : null}
        </>
      )}
    </div>
  );
}
