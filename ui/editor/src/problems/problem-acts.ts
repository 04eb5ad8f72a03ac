import { formatPointer, parsePlace } from '@wfm/workflow-engine/definition';
import type { Diagnostic } from '@wfm/workflow-engine/models';
import { findModule, outlineOf } from '../document/outline.ts';
import { type Selection, wholeWorkflow } from '../document/history.ts';
import { nodeAtPlace } from '../workbench/module-facts.ts';
import type { CheckState, Workbench } from '../workbench/workbench.ts';

const weight = { error: 0, warning: 1, info: 2 } as const;

/** The findings of the checks, the gravest first, else in the order of the workflow. */
export function problemsOf(checks: CheckState | null): readonly Diagnostic[] {
  if (!checks || 'failed' in checks.checked) return [];
  return checks.checked.diagnostics.toSorted((a, b) => weight[a.severity] - weight[b.severity]);
}

/** Selects what a finding is about, opens the tab that it stands in, and puts the focus into its field. */
export function goToProblem(workbench: Workbench, diagnostic: Diagnostic): void {
  goToPlace(workbench, diagnostic.place, diagnostic.file);
}

/** The same for a place of the resolved definition. */
export function goToPlace({ store, desk, checks }: Workbench, place: string, file?: string): void {
  const checked = checks.get();
  const { document } = store.getState().history.present;
  const outline = outlineOf(checked?.of ?? document);
  const key = nodeAtPlace(outline, place);
  const segments = parsePlace(place);
  const inModule = findModule(outline, key) !== undefined;
  const field = formatPointer(segments.slice(inModule ? 4 : key === '' ? 0 : 2));
  if (key === '' && place === '' && file !== undefined && file !== document.entryPoint) {
    store.acts.select({ kind: 'file', key: file });
    return desk.show({ centre: 'source' });
  }
  const kind: Selection['kind'] = inModule ? 'module' : key === '' ? 'workflow' : 'step';
  store.acts.select({ kind, key, ...(field === '' ? {} : { field }) });
  desk.show({ inspector: tabOf(segments.slice(inModule ? 4 : 2), file) });
  desk.focusField(field);
}

/** Goes to the next or the last problem, around the end (F8, Shift+F8). */
export function nextProblem(workbench: Workbench, by: 1 | -1): void {
  const problems = problemsOf(workbench.checks.get());
  const before = lastAt.get(workbench);
  const at = problems.findIndex((problem) => before !== undefined && nameOf(problem) === before);
  const next = problems[at < 0 ? (by === 1 ? 0 : problems.length - 1) : (at + by + problems.length) % problems.length];
  if (!next) return;
  lastAt.set(workbench, nameOf(next));
  goToProblem(workbench, next);
}

/** Where the keys stand in the list; a list is made anew by every check. */
const lastAt = new WeakMap<Workbench, string>();

/** The selection of a node as `nodeAtPlace` names it. */
export function selectionOf(key: string): Selection {
  if (key === '') return wholeWorkflow;
  return { kind: key.includes('/') ? 'module' : 'step', key };
}

export const nameOf = ({ code, place, message }: Diagnostic): string => `${code} ${place} ${message}`;

function tabOf([part, name]: readonly (string | number)[], file: string | undefined): string {
  if (part === 'outputs_to_state') return 'output';
  if (part === 'inputs' && (name === 'schema' || name === 'display_schema')) return 'display';
  return file !== undefined && /\.(?:j2|jinja2?|txt|md)$/i.test(file) ? 'prompts' : 'settings';
}
