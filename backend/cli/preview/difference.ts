import { isJsonObject, type JsonObject } from '@wfm/workflow-engine/models';

/** Where two logs part. */
export interface Difference {
  /** `step_id/module_name`, or '' where the event belongs to no module. */
  module: string;
  /** 0-based position of the event. */
  index: number;
  /** Type of the event that was expected, and of the one that came; null: the log had ended. */
  expectedType: string | null;
  actualType: string | null;
  /** Fields that differ, when it is the same event: as texts, cut where they are long. */
  fields: { path: string; expected: string; actual: string }[];
  /** Other modules with differences, in order. */
  alsoIn: string[];
}

const mostFields = 5;

/** The first event in which two canonical logs differ; null when they are equal. */
export function compareLogs(expected: readonly JsonObject[], actual: readonly JsonObject[]): Difference | null {
  const length = Math.max(expected.length, actual.length);
  for (let index = 0; index < length; index += 1) {
    const [before, after] = [expected[index], actual[index]];
    if (before && after && sameJson(before, after)) continue;
    const isSameEvent = before && after && nameOf(before) === nameOf(after);
    const module = moduleOf(isSameEvent ? before : (after ?? before));
    return {
      module,
      index,
      expectedType: before ? nameOf(before) : null,
      actualType: after ? nameOf(after) : null,
      fields: isSameEvent ? differingFields(before, after) : [],
      alsoIn: modulesThatDiffer(expected, actual).filter((path) => path !== module),
    };
  }
  return null;
}

function moduleOf(event: JsonObject | undefined): string {
  const { step_id: step, module_name: name } = event ?? {};
  return typeof step === 'string' ? (typeof name === 'string' ? `${step}/${name}` : step) : '';
}

/** An event as a person names it: its type and whose it is. */
function nameOf(event: JsonObject): string {
  const module = moduleOf(event);
  return module === '' ? String(event['type']) : `${String(event['type'])} of ${module}`;
}

function modulesThatDiffer(expected: readonly JsonObject[], actual: readonly JsonObject[]): string[] {
  const [before, after] = [byModule(expected), byModule(actual)];
  return [...new Set([...before.keys(), ...after.keys()])].filter((path) => before.get(path) !== after.get(path));
}

function byModule(events: readonly JsonObject[]): Map<string, string> {
  const texts = new Map<string, string>();
  for (const event of events) {
    const module = moduleOf(event);
    if (module.includes('/')) texts.set(module, `${texts.get(module) ?? ''}\n${JSON.stringify(event)}`);
  }
  return texts;
}

function differingFields(expected: JsonObject, actual: JsonObject): Difference['fields'] {
  const fields: Difference['fields'] = [];
  const walk = (before: unknown, after: unknown, path: string): void => {
    if (fields.length >= mostFields || sameJson(before, after)) return;
    if (isJsonObject(before) && isJsonObject(after)) {
      const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
      for (const key of keys) walk(before[key], after[key], path === '' ? key : `${path}.${key}`);
    } else if (Array.isArray(before) && Array.isArray(after)) {
      const length = Math.max(before.length, after.length);
      for (let index = 0; index < length; index += 1) walk(before[index], after[index], `${path}[${index}]`);
    } else {
      fields.push({ path, ...shownPair(before, after) });
    }
  };
  walk(expected, actual, '');
  return fields;
}

/** Two values as texts: of long ones, the part around the first difference. */
function shownPair(before: unknown, after: unknown): { expected: string; actual: string } {
  const [left, right] = [textOf(before), textOf(after)];
  let same = 0;
  while (same < left.length && left[same] === right[same]) same += 1;
  const from = Math.max(0, same - 40);
  const part = (text: string): string =>
    `${from > 0 ? '…' : ''}${text.slice(from, from + 160)}${text.length > from + 160 ? '…' : ''}`;
  return { expected: part(left), actual: part(right) };
}

function textOf(value: unknown): string {
  return value === undefined ? '(nothing)' : JSON.stringify(value);
}

/** Both come from canonical logs or from a file of one, so that equal values have equal texts. */
function sameJson(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** A difference as lines for a terminal. */
export function describeDifference(difference: Difference): string[] {
  const { module, expectedType, actualType, fields, alsoIn, index } = difference;
  const where = module === '' ? `event ${index + 1}` : module;
  const lines =
    fields.length > 0
      ? [
          `${where}: ${expectedType} differs in`,
          ...fields.flatMap(({ path, expected, actual }) => [`  ${path}`, `  - ${expected}`, `  + ${actual}`]),
        ]
      : [`${where}: another event`, `  - ${expectedType ?? '(the end)'}`, `  + ${actualType ?? '(the end)'}`];
  if (alsoIn.length > 0) lines.push(`also different: ${alsoIn.join(', ')}`);
  return lines;
}
