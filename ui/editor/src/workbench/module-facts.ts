import { useRef } from 'react';
import type { Diagnostic, PlanEntry, VirtualWorkflowResponse } from '@wfm/workflow-engine/models';
import { type Outline, outlineOf } from '../document/outline.ts';
import { type CheckState, useChecks, usePreview } from './workbench.ts';

/** What checks and preview know of single steps and modules, for the cards and lines that show them. */

const outcomes = new WeakMap<VirtualWorkflowResponse, ReadonlyMap<string, PlanEntry>>();
const problems = new WeakMap<CheckState, ReadonlyMap<string, readonly Diagnostic[]>>();
const none: readonly Diagnostic[] = [];

/** What became of a module in the newest preview; undefined before one, and where that did not reach it. */
export function useOutcome(key: string): PlanEntry | undefined {
  const same = useSame<PlanEntry | undefined>();
  return usePreview(({ response }) => same(response ? outcomesOf(response).get(key) : undefined));
}

/** The findings within a module (`step_id/module_name`), a step (`step_id`), or of the workflow itself (empty). */
export function useProblemsOf(key: string): readonly Diagnostic[] {
  const same = useSame<readonly Diagnostic[]>();
  return useChecks((checks) => same(checks ? (problemsOf(checks).get(key) ?? none) : none));
}

function outcomesOf(response: VirtualWorkflowResponse): ReadonlyMap<string, PlanEntry> {
  const known = outcomes.get(response);
  if (known) return known;
  const made = new Map(response.plan.map((entry) => [`${entry.step_id}/${entry.module_name}`, entry]));
  outcomes.set(response, made);
  return made;
}

function problemsOf(checks: CheckState): ReadonlyMap<string, readonly Diagnostic[]> {
  const known = problems.get(checks);
  if (known) return known;
  const made = new Map<string, Diagnostic[]>();
  const outline = outlineOf(checks.of);
  for (const finding of 'failed' in checks.checked ? [] : checks.checked.diagnostics) {
    const key = nodeAtPlace(outline, finding.place);
    made.set(key, [...(made.get(key) ?? []), finding]);
  }
  problems.set(checks, made);
  return made;
}

/** The earlier value where the new one says the same: then nobody draws it anew. */
function useSame<T>(): (now: T) => T {
  const kept = useRef<{ value: T; text: string | undefined } | null>(null);
  return (now) => {
    if (kept.current && Object.is(kept.current.value, now)) return now;
    const text = JSON.stringify(now);
    if (kept.current?.text !== text || kept.current === null) kept.current = { value: now, text };
    return kept.current.value;
  };
}

/** The node that a place of the resolved definition (`steps[2].modules[0].inputs.pipeline`) lies in. */
export function nodeAtPlace({ steps }: Outline, place: string): string {
  const [, step, module] = /^steps\[(\d+)\](?:\.modules\[(\d+)\])?/.exec(place) ?? [];
  const found = step === undefined ? undefined : steps[Number(step)];
  if (!found) return '';
  return (module === undefined ? undefined : found.modules[Number(module)]?.key) ?? found.stepId;
}
