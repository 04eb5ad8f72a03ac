import { type Keyword, matches } from './assertions.ts';
import { Evaluated, type Frame, fail, type SchemaFault, type Sink, spend } from './evaluation.ts';
import { isJsonObject, own } from './json-values.ts';
import { inside, type Place, pointerOf } from './location.ts';

/** Evaluates one schema on one value; true when it holds. Given by the validator, to keep the two files apart. */
export type Evaluate = (
  frame: Frame,
  schema: unknown,
  value: unknown,
  at: Place,
  sink: Sink,
  seen: Evaluated | null,
) => boolean;

const fresh = (frame: Frame): Evaluated | null => (frame.seen ? new Evaluated() : null);

/** The keywords that hand the value, or parts of it, to other schemas (JSON Schema Core 2020-12, 10 and 11). */
export function applicators(evaluate: Evaluate): [string, Keyword][] {
  /** On the same value: what a schema that holds has looked at counts for this node too. */
  const here = (frame: Frame, schema: unknown, sink: Sink): boolean => {
    const seen = fresh(frame);
    const holds = evaluate(frame, schema, frame.value, frame.at, sink, seen);
    if (holds && seen) frame.seen?.add(seen);
    return holds;
  };
  const require = (frame: Frame, schema: unknown): void => {
    if (!here(frame, schema, frame.sink)) frame.sound = false;
  };
  const child = (frame: Frame, schema: unknown, key: string | number): void => {
    const value = (frame.value as Record<string | number, unknown>)[key];
    if (!evaluate(frame, schema, value, inside(frame.at, key), frame.sink, null)) frame.sound = false;
  };

  const anyOf: Keyword = (frame, setting) => {
    const branches: SchemaFault[][] = [];
    let held = false;
    for (const branch of setting as unknown[]) {
      if (held && !frame.seen) break;
      const faults: SchemaFault[] = [];
      if (here(frame, branch, frame.sink && { faults, most: 20 })) held = true;
      branches.push(faults);
    }
    if (!held) noBranch(frame, 'anyOf', 'This fits none of the allowed forms.', branches);
  };

  const oneOf: Keyword = (frame, setting) => {
    const branches: SchemaFault[][] = [];
    const fitting: number[] = [];
    let seen: Evaluated | null = null;
    for (const [index, branch] of (setting as unknown[]).entries()) {
      const faults: SchemaFault[] = [];
      const looked = fresh(frame);
      if (evaluate(frame, branch, frame.value, frame.at, frame.sink && { faults, most: 20 }, looked)) {
        fitting.push(index);
        seen = looked;
      }
      branches.push(faults);
    }
    if (fitting.length === 1 && seen) frame.seen?.add(seen);
    if (fitting.length === 0) noBranch(frame, 'oneOf', 'This fits none of the allowed forms.', branches);
    else if (fitting.length > 1)
      fail(frame, 'oneOf', `This fits ${fitting.length} of the allowed forms, where exactly one is meant.`, {
        fitting,
      });
  };

  const not: Keyword = (frame, setting) => {
    if (evaluate(frame, setting, frame.value, frame.at, null, fresh(frame)))
      fail(frame, 'not', 'This has a form that is ruled out.');
  };

  const condition: Keyword = (frame, setting) => {
    const branch = here(frame, setting, null) ? 'then' : 'else';
    if (Object.hasOwn(frame.node, branch)) require(frame, own(frame.node, branch));
  };

  const dependentSchemas: Keyword = (frame, setting) => {
    if (!isJsonObject(frame.value)) return;
    for (const [trigger, schema] of Object.entries(setting as object)) {
      if (Object.hasOwn(frame.value, trigger)) require(frame, schema);
    }
  };

  const properties: Keyword = (frame, setting) => {
    const { value } = frame;
    if (!isJsonObject(value)) return;
    for (const name of Object.keys(setting as object)) {
      if (!Object.hasOwn(value, name)) continue;
      frame.seen?.names.add(name);
      child(frame, (setting as Record<string, unknown>)[name], name);
    }
  };

  const patternProperties: Keyword = (frame, setting) => {
    const { value } = frame;
    if (!isJsonObject(value)) return;
    for (const [source, schema] of Object.entries(setting as object)) {
      for (const name of Object.keys(value)) {
        if (!matches(frame, source, name)) continue;
        frame.seen?.names.add(name);
        child(frame, schema, name);
      }
    }
  };

  const surplus = (keyword: string, isSurplus: (frame: Frame, name: string) => boolean): Keyword => {
    return (frame, setting) => {
      const { value } = frame;
      if (!isJsonObject(value)) return;
      for (const name of Object.keys(value)) {
        spend(frame.run, 1);
        if (!isSurplus(frame, name)) continue;
        frame.seen?.names.add(name);
        if (setting === false)
          fail(frame, keyword, `"${name}" is not allowed here.`, { property: name }, inside(frame.at, name));
        else child(frame, setting, name);
      }
    };
  };
  const isAdditional = (frame: Frame, name: string): boolean => {
    const named = own(frame.node, 'properties');
    if (isJsonObject(named) && Object.hasOwn(named, name)) return false;
    const patterns = own(frame.node, 'patternProperties');
    return !isJsonObject(patterns) || !Object.keys(patterns).some((source) => matches(frame, source, name));
  };

  const propertyNames: Keyword = (frame, setting) => {
    if (!isJsonObject(frame.value)) return;
    for (const name of Object.keys(frame.value)) {
      if (evaluate(frame, setting, name, inside(frame.at, name), null, null)) continue;
      fail(frame, 'propertyNames', `"${name}" is not an allowed name.`, { property: name }, inside(frame.at, name));
    }
  };

  const prefixItems: Keyword = (frame, setting) => {
    const { value } = frame;
    if (!Array.isArray(value)) return;
    const schemas = setting as unknown[];
    const length = Math.min(schemas.length, value.length);
    for (let index = 0; index < length; index++) child(frame, schemas[index], index);
    if (frame.seen) frame.seen.before = Math.max(frame.seen.before, length);
  };

  const items: Keyword = (frame, setting) => {
    const { value } = frame;
    if (!Array.isArray(value)) return;
    const prefix = own(frame.node, 'prefixItems');
    const start = Array.isArray(prefix) ? prefix.length : 0;
    if (setting === false && value.length > start) {
      return fail(frame, 'items', `This may have at most ${start} item${start === 1 ? '' : 's'}.`, {
        limit: start,
        actual: value.length,
      });
    }
    for (let index = start; index < value.length; index++) child(frame, setting, index);
    if (frame.seen) frame.seen.before = Math.max(frame.seen.before, value.length);
  };

  const contains: Keyword = (frame, setting) => {
    const { value } = frame;
    if (!Array.isArray(value)) return;
    const least = (own(frame.node, 'minContains') as number | undefined) ?? 1;
    const most = (own(frame.node, 'maxContains') as number | undefined) ?? Number.POSITIVE_INFINITY;
    let found = 0;
    for (const [index, item] of value.entries()) {
      if (!evaluate(frame, setting, item, inside(frame.at, index), null, null)) continue;
      found++;
      frame.seen?.indices.add(index);
    }
    if (found < least)
      fail(frame, 'contains', `At least ${least} of the items must have the asked form; ${found} have it.`, {
        limit: least,
        actual: found,
      });
    else if (found > most)
      fail(frame, 'maxContains', `At most ${most} of the items may have that form; ${found} have it.`, {
        limit: most,
        actual: found,
      });
  };

  const unevaluatedItems: Keyword = (frame, setting) => {
    const { value, seen } = frame;
    // A node that has already failed has looked at less than it would; more complaints would mislead.
    if (!Array.isArray(value) || !seen || !frame.sound) return;
    for (let index = seen.before; index < value.length; index++) {
      if (seen.indices.has(index)) continue;
      if (setting === false)
        fail(frame, 'unevaluatedItems', `Item ${index + 1} is not allowed here.`, { index }, inside(frame.at, index));
      else child(frame, setting, index);
    }
    seen.before = Math.max(seen.before, value.length);
  };

  const unevaluatedProperties: Keyword = (frame, setting) => {
    if (frame.seen && frame.sound)
      surplus('unevaluatedProperties', (at, name) => !at.seen?.names.has(name))(frame, setting);
  };

  return [
    ['allOf', (frame, setting) => (setting as unknown[]).forEach((schema) => require(frame, schema))],
    ['anyOf', anyOf],
    ['oneOf', oneOf],
    ['not', not],
    ['if', condition],
    ['dependentSchemas', dependentSchemas],
    ['properties', properties],
    ['patternProperties', patternProperties],
    ['additionalProperties', surplus('additionalProperties', isAdditional)],
    ['propertyNames', propertyNames],
    ['prefixItems', prefixItems],
    ['items', items],
    ['contains', contains],
    ['unevaluatedItems', unevaluatedItems],
    ['unevaluatedProperties', unevaluatedProperties],
  ];
}

/** Reports the fault, then what is wrong with the branch that came closest, if one at least has the right type. */
function noBranch(frame: Frame, keyword: string, message: string, branches: SchemaFault[][]): void {
  fail(frame, keyword, message, { branches: branches.length });
  if (!frame.sink) return;
  const here = pointerOf(frame.at);
  const misses = (faults: SchemaFault[]): number =>
    faults.reduce((sum, fault) => sum + (['type', 'const', 'enum'].includes(fault.keyword) ? 100 : 1), 0);
  const candidates = branches.filter(
    (faults) => !faults.some((fault) => fault.pointer === here && fault.keyword === 'type'),
  );
  const [closest] = candidates.sort((a, b) => misses(a) - misses(b));
  for (const fault of closest ?? []) if (frame.sink.faults.length < frame.sink.most) frame.sink.faults.push(fault);
}
