import type { RunEvent } from '../../events/run-event.ts';
import type { LineComparison } from '../../models/comparison.ts';
import { changedInputs, LineSummary, type ModuleSummary } from './line-summary.ts';
import { shown, valueDiff } from './value-diff.ts';

type ComparedPair = LineComparison['modules'][number];

/**
 * Compares two lines module by module from their common point, without executing anything (format.md 9.11). Both lists
 * are whole lines, large values read back; lines of two runs share nothing, and their ids and instants count as equal.
 */
export function compareLines(a: readonly RunEvent[], b: readonly RunEvent[]): LineComparison {
  const [firstA, firstB] = [a[0], b[0]];
  const numberIds = firstA?.workflow_run_id !== firstB?.workflow_run_id;
  let commonSeq = -1;
  while (isSame(a[commonSeq + 1], b[commonSeq + 1])) commonSeq += 1;
  const [left, right] = [a, b].map((events) => {
    const summary = new LineSummary({ commonSeq, numberIds });
    for (const event of events) summary.add(event);
    return summary;
  }) as [LineSummary, LineSummary];
  return compareSummaries(left, right, { commonSeq, numberIds });
}

function isSame(a: RunEvent | undefined, b: RunEvent | undefined): boolean {
  return a !== undefined && a.branch_id === b?.branch_id && a.seq === b.seq;
}

/** The comparison of two lines that were gathered apart, with the same options. */
export function compareSummaries(
  a: LineSummary,
  b: LineSummary,
  { commonSeq, numberIds }: { commonSeq: number; numberIds: boolean },
): LineComparison {
  const modules: ComparedPair[] = [];
  for (const key of orderOf(a, b)) {
    const [left, right] = [a.modules.get(key) ?? null, b.modules.get(key) ?? null];
    if (left?.touched === true || right?.touched === true) modules.push(comparePair(left, right, numberIds));
  }
  const first = modules.find((pair) => pair.parts.length > 0);
  const reason = first?.parts[0];
  return {
    common_seq: commonSeq,
    first_difference: first && reason ? { step_id: first.step_id, module_name: first.module_name, reason } : null,
    modules,
    a: lineOf(a),
    b: lineOf(b),
  };
}

/** Modules in the order of `a`; those of `b` alone stand behind the module that they followed there. */
function orderOf(a: LineSummary, b: LineSummary): string[] {
  const behind = new Map<string, string[]>();
  let last = '';
  for (const key of b.modules.keys()) {
    if (!a.modules.has(key)) behind.set(last, [...(behind.get(last) ?? []), key]);
    else last = key;
  }
  return ['', ...a.modules.keys()].flatMap((key) => [...(key === '' ? [] : [key]), ...(behind.get(key) ?? [])]);
}

function comparePair(a: ModuleSummary | null, b: ModuleSummary | null, numberIds: boolean): ComparedPair {
  const some = a ?? b;
  const pair: ComparedPair = {
    step_id: some?.stepId ?? '',
    module_name: some?.name ?? '',
    module_id: some?.moduleId ?? '',
    a: a && sideOf(a),
    b: b && sideOf(b),
    parts: [],
    inputs: [],
    outputs: null,
  };
  if (!a || !b) return { ...pair, parts: ['missing'] };
  noteDifferences(pair, { a, b }, numberIds);
  return pair;
}

function noteDifferences(
  pair: ComparedPair,
  { a, b }: { a: ModuleSummary; b: ModuleSummary },
  numberIds: boolean,
): void {
  pair.inputs = changedInputs(a, b).map((name) => ({
    name,
    a: kept(a.inputs?.get(name)),
    b: kept(b.inputs?.get(name)),
  }));
  // Within one run the input hash says more than the inputs do: a conversation, a mode, a store that was read.
  const otherInputs = numberIds ? pair.inputs.length > 0 || a.moduleId !== b.moduleId : a.inputHash !== b.inputHash;
  if (otherInputs) pair.parts.push('inputs');
  if (a.answer?.hash !== b.answer?.hash) pair.parts.push('answer');
  if (a.error?.code !== b.error?.code) pair.parts.push('error');
  if (a.outputs?.hash !== b.outputs?.hash) {
    pair.parts.push('outputs');
    if (a.outputs && b.outputs && 'value' in a.outputs && 'value' in b.outputs)
      pair.outputs = valueDiff(a.outputs.value, b.outputs.value);
  }
}

function kept(value: { hash: string; value?: unknown } | undefined): unknown {
  if (!value) return null;
  return 'value' in value ? shown(value.value) : `sha256:${value.hash}`;
}

function sideOf(module: ModuleSummary): NonNullable<ComparedPair['a']> {
  const { status, tries, inputHash, editedInputs, origin, answer, outputs, error, usage, durationMs } = module;
  return {
    status,
    tries,
    input_hash: inputHash,
    edited_inputs: editedInputs,
    origin,
    answer: answer && { response: answer.response, action_id: answer.actionId },
    outputs_hash: outputs?.hash ?? null,
    error,
    usage,
    duration_ms: durationMs,
  };
}

function lineOf({ lastSeq, fork, usage, durationMs }: LineSummary): LineComparison['a'] {
  return {
    last_seq: lastSeq,
    fork: fork && {
      kind: fork.kind,
      target: fork.target ?? null,
      feedback: fork.feedback ?? null,
      inputs_override: fork.inputs_override ?? null,
    },
    usage,
    duration_ms: durationMs,
  };
}
