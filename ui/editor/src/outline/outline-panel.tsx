import { Badge, classNames } from '@wfm/shared/components';
import { type KeyboardEvent, memo, useCallback, useRef } from 'react';
import { useTranslations } from 'use-intl';
import type { Selection } from '../document/history.ts';
import { useProblemsOf } from '../workbench/module-facts.ts';
import { useOutline, useSelection, useWorkbench } from '../workbench/workbench.ts';

interface Line {
  readonly kind: 'workflow' | 'step' | 'module';
  readonly key: string;
  readonly title: string;
  /** The module's kind. */
  readonly detail?: string;
}

const indents = { workflow: 'ps-3', step: 'ps-6', module: 'ps-10' };
const levels = { workflow: 1, step: 2, module: 3 };

/** The workflow, its steps and their modules, as a tree; what is chosen is previewed. Arrows, Home and End choose. */
export function OutlinePanel() {
  const words = useTranslations('outline');
  const { store } = useWorkbench();
  const { value, steps } = useOutline();
  const selection = useSelection();
  const tree = useRef<HTMLUListElement>(null);
  const name = typeof value['name'] === 'string' ? value['name'] : words('workflow');
  const lines: Line[] = [
    { kind: 'workflow', key: '', title: name },
    ...steps.flatMap((step): Line[] => [
      { kind: 'step', key: step.stepId, title: step.name || words('unnamed') },
      ...step.modules.map(({ key, name: title, moduleId }): Line => ({ kind: 'module', key, title, detail: moduleId })),
    ]),
  ];
  const chosen = Math.max(
    0,
    lines.findIndex((line) => isChosen(line, selection)),
  );
  const choose = (at: number): void => {
    const line = lines[at];
    if (!line) return;
    store.acts.select({ kind: line.kind, key: line.key });
    tree.current?.querySelectorAll<HTMLElement>('[role="treeitem"]')[at]?.focus();
  };
  // The lines keep one function, so that choosing renders two of them and not all.
  const latest = useRef(choose);
  latest.current = choose;
  const act = useCallback((at: number) => latest.current(at), []);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    const to = { ArrowDown: chosen + 1, ArrowUp: chosen - 1, Home: 0, End: lines.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    choose(Math.min(lines.length - 1, Math.max(0, to)));
  };
  const idOf = uniqueIds();
  return (
    <ul ref={tree} role="tree" aria-label={words('title')} onKeyDown={onKeyDown} className="py-2 text-sm">
      {lines.map((line, at) => (
        <OutlineLine key={idOf(line)} line={line} chosen={at === chosen} at={at} onChoose={act} />
      ))}
    </ul>
  );
}

/** Names lines by what they are, so that one put in between leaves the others alone; a name that is there twice is counted. */
function uniqueIds(): (line: Line) => string {
  const seen = new Map<string, number>();
  return ({ kind, key }) => {
    const id = `${kind} ${key}`;
    const times = seen.get(id) ?? 0;
    seen.set(id, times + 1);
    return times === 0 ? id : `${id} ${times}`;
  };
}

function isChosen({ kind, key }: Line, selection: Selection): boolean {
  return kind === selection.kind && key === selection.key;
}

interface LineProps {
  line: Line;
  at: number;
  chosen: boolean;
  onChoose: (at: number) => void;
}

/** One line, with how many problems lie in it. */
const OutlineLine = memo(
  function OutlineLine({ line: { kind, key, title, detail }, at, chosen, onChoose }: LineProps) {
    const words = useTranslations('outline');
    const problems = useProblemsOf(key);
    return (
      <li
        role="treeitem"
        aria-level={levels[kind]}
        aria-selected={chosen}
        tabIndex={chosen ? 0 : -1}
        onClick={() => onChoose(at)}
        className={classNames(
          'flex min-h-9 cursor-pointer items-center gap-2 pe-3 hover:bg-sunken focus-visible:-outline-offset-2',
          indents[kind],
          kind === 'module' ? '' : 'font-semibold',
          chosen ? 'bg-accent-soft' : '',
        )}
      >
        <span className="min-w-0 flex-1 truncate" data-content dir="auto">
          {title}
        </span>
        {detail === undefined ? null : (
          <span className="shrink-0 text-xs text-ink-soft" data-content dir="ltr">
            {detail}
          </span>
        )}
        {problems.length === 0 ? null : (
          <Badge tone={problems.some(({ severity }) => severity === 'error') ? 'bad' : 'warn'}>
            {words('problems', { count: problems.length })}
          </Badge>
        )}
      </li>
    );
  },
  (before, after) =>
    before.chosen === after.chosen &&
    before.at === after.at &&
    before.line.key === after.line.key &&
    before.line.title === after.line.title &&
    before.line.detail === after.line.detail,
);
