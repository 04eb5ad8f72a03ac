import { Badge, Button, EmptyState, IconButton } from '@wfm/shared/components';
import { isJsonObject } from '@wfm/workflow-engine/models';
import { Plus, TestTubeDiagonal, Trash2, X } from 'lucide-react';
import { type ReactNode, useEffect, useId, useState } from 'react';
import { useTranslations } from 'use-intl';
import { modulesOf } from '../document/outline.ts';
import type { Scenario } from '../runtime/virtual-api.ts';
import { useEditor, useOutline, useWorkbench } from '../workbench/workbench.ts';
import { Choice } from './segments.tsx';
import { choicesOf, choose } from './settings.ts';

type Entry = Scenario['modules'][string];
const faults = ['timeout', 'rate_limited', 'malformed', 'slow', 'worker_lost'] as const;

/** Courses of events for the preview alone: outputs, answers and faults of single modules (format.md 17.7). */
export function ScenariosEditor() {
  const words = useTranslations('preview.scenarios');
  const workbench = useWorkbench();
  const { scenarios, scenario: played } = useEditor(({ history }) => choicesOf(history.present.document));
  const add = (): void => {
    const name = freeName(scenarios, (number) => words('newName', { number }));
    choose(workbench, { scenarios: [...scenarios, { name, modules: {} }], scenario: name });
  };
  return (
    <section aria-label={words('title')} className="flex min-h-0 flex-1 flex-col">
      <div className="flex items-center gap-2 border-b border-line px-3 py-1.5">
        <h3 className="min-w-0 flex-1 truncate text-xs font-medium text-ink-soft">{words('title')}</h3>
        <Button size="small" look="quiet" icon={<Plus aria-hidden className="size-4" />} onClick={add}>
          {words('add')}
        </Button>
      </div>
      <div className="min-h-0 flex-1 overflow-auto">
        {scenarios.length === 0 ? (
          <EmptyState icon={<TestTubeDiagonal aria-hidden className="size-6" />} title={words('empty')}>
            {words('emptyText')}
          </EmptyState>
        ) : (
          <p className="px-3 pt-2 text-xs text-ink-soft">{words('text')}</p>
        )}
        {scenarios.map((scenario, index) => (
          <ScenarioForm
            key={index}
            scenario={scenario}
            isPlayed={scenario.name === played}
            onPlay={(plays) => choose(workbench, { scenario: plays ? scenario.name : null })}
            onChange={(next) =>
              choose(
                workbench,
                {
                  scenarios: scenarios.with(index, next),
                  ...(scenario.name === played ? { scenario: next.name } : {}),
                },
                `scenario ${index}`,
              )
            }
            onRemove={() => choose(workbench, { scenarios: scenarios.toSpliced(index, 1) })}
          />
        ))}
      </div>
    </section>
  );
}

function ScenarioForm({
  scenario,
  isPlayed,
  onPlay,
  onChange,
  onRemove,
}: {
  scenario: Scenario;
  isPlayed: boolean;
  onPlay: (plays: boolean) => void;
  onChange: (scenario: Scenario) => void;
  onRemove: () => void;
}) {
  const words = useTranslations('preview.scenarios');
  const outline = useOutline();
  const { name, modules } = scenario;
  const free = modulesOf(outline).filter(({ key }) => !Object.hasOwn(modules, key));
  const set = (key: string, entry: Entry): void => onChange({ name, modules: { ...modules, [key]: entry } });
  return (
    <fieldset className="grid gap-2 border-b border-line p-3">
      <legend className="sr-only">{name}</legend>
      <div className="flex items-center gap-2">
        <input
          aria-label={words('name')}
          value={name}
          dir="auto"
          onChange={({ target: { value } }) => value.trim() !== '' && onChange({ name: value, modules })}
          className="min-h-8 min-w-0 flex-1 rounded-md border border-line bg-surface px-2 text-sm font-medium"
        />
        {isPlayed ? <Badge tone="accent">{words('playing')}</Badge> : null}
        <IconButton
          size="small"
          label={words('remove', { name })}
          icon={<Trash2 aria-hidden className="size-4" />}
          onClick={onRemove}
        />
      </div>
      <label className="flex min-h-8 items-center gap-2 text-sm">
        <input type="checkbox" checked={isPlayed} onChange={({ target: { checked } }) => onPlay(checked)} />
        {words('play')}
      </label>
      {Object.entries(modules).map(([key, entry]) => (
        <EntryForm
          key={key}
          moduleKey={key}
          entry={entry}
          onChange={(next) => set(key, next)}
          onRemove={() => {
            const { [key]: _gone, ...rest } = modules;
            onChange({ name, modules: rest });
          }}
        />
      ))}
      {free.length > 0 ? (
        <Choice
          label={words('addModule')}
          value=""
          options={[{ value: '', label: words('addModule') }, ...free.map(({ key }) => ({ value: key, label: key }))]}
          onChange={(key) => key !== '' && set(key, { fail: 'timeout' })}
        />
      ) : null}
    </fieldset>
  );
}

function EntryForm({
  moduleKey,
  entry,
  onChange,
  onRemove,
}: {
  moduleKey: string;
  entry: Entry;
  onChange: (entry: Entry) => void;
  onRemove: () => void;
}) {
  const words = useTranslations('preview.scenarios');
  const { fail, times, output, answer } = entry;
  const id = useId();
  const change = (next: { [K in keyof Entry]?: Entry[K] | undefined }): void => {
    const all = Object.entries({ ...entry, ...next }).filter(([, value]) => value !== undefined);
    onChange(Object.fromEntries(all));
  };
  return (
    <div
      role="group"
      aria-label={moduleKey}
      data-scenario-module={moduleKey}
      className="grid gap-2 rounded-md border border-line bg-ground p-2"
    >
      <div className="flex items-center gap-2">
        <code className="min-w-0 flex-1 truncate text-xs font-medium" data-content dir="ltr">
          {moduleKey}
        </code>
        <IconButton
          size="small"
          label={words('removeModule', { module: moduleKey })}
          icon={<X aria-hidden className="size-3.5" />}
          onClick={onRemove}
        />
      </div>
      <Row label={words('fail')}>
        <Choice
          label={words('fail')}
          value={fail ?? ''}
          options={[
            { value: '', label: words('fail_none') },
            ...faults.map((fault) => ({ value: fault, label: words(`fail_${fault}`) })),
          ]}
          onChange={(fault) => change({ fail: fault === '' ? undefined : fault })}
        />
      </Row>
      {fail === undefined ? null : (
        <Row label={words('times')} htmlFor={`${id}-times`}>
          <input
            id={`${id}-times`}
            type="number"
            min={1}
            max={100}
            value={times ?? 1}
            onChange={({ target: { valueAsNumber: count } }) =>
              count >= 1 && count <= 100 && change({ times: Math.round(count) })
            }
            className="min-h-8 w-20 rounded-md border border-line bg-surface px-2 text-sm"
          />
        </Row>
      )}
      <JsonBox label={words('output')} value={output} onChange={(value) => change({ output: value })} />
      <JsonBox label={words('answer')} value={answer} onChange={(value) => change({ answer: value })} />
    </div>
  );
}

function Row({ label, htmlFor, children }: { label: string; htmlFor?: string; children: ReactNode }) {
  return (
    <div className="flex items-center gap-2 text-xs text-ink-soft">
      <label htmlFor={htmlFor} className="min-w-0 flex-1">
        {label}
      </label>
      {children}
    </div>
  );
}

/** An object as JSON; what does not parse yet is kept here, and changes nothing. */
function JsonBox({
  label,
  value,
  onChange,
}: {
  label: string;
  value: Readonly<Record<string, unknown>> | undefined;
  onChange: (value: Readonly<Record<string, unknown>> | undefined) => void;
}) {
  const words = useTranslations('preview.scenarios');
  const id = useId();
  const written = value === undefined ? '' : JSON.stringify(value, null, 2);
  const [text, setText] = useState(written);
  const isValid = text.trim() === '' || objectIn(text) !== undefined;
  useEffect(() => {
    // Undo, or another tab: what is kept is not what was typed here.
    setText((typed) => (JSON.stringify(objectIn(typed)) === JSON.stringify(value) ? typed : written));
  }, [written]);
  const type = (next: string): void => {
    setText(next);
    const parsed = objectIn(next);
    if (next.trim() === '') onChange(undefined);
    else if (parsed) onChange(parsed);
  };
  return (
    <div className="grid gap-1">
      <label htmlFor={id} className="text-xs text-ink-soft">
        {label}
      </label>
      <textarea
        id={id}
        value={text}
        rows={2}
        dir="ltr"
        spellCheck={false}
        aria-invalid={!isValid}
        aria-describedby={isValid ? undefined : `${id}-fault`}
        onChange={(event) => type(event.target.value)}
        className="w-full rounded-md border border-line bg-surface p-2 font-mono text-xs"
      />
      {isValid ? null : (
        <p id={`${id}-fault`} className="text-xs text-bad">
          {words('noJson')}
        </p>
      )}
    </div>
  );
}

function objectIn(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function freeName(scenarios: readonly Scenario[], nameOf: (number: number) => string): string {
  let number = scenarios.length + 1;
  while (scenarios.some(({ name }) => name === nameOf(number))) number += 1;
  return nameOf(number);
}
