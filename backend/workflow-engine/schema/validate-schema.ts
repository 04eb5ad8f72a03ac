import { WfmError } from '../errors/index.ts';
import { applicators } from './applicators.ts';
import { assertions, type Keyword } from './assertions.ts';
import { type CompiledSchema, compileSchema, type Resource, type Target } from './compile-schema.ts';
import { Evaluated, type Frame, fail, type Run, type SchemaFault, type Sink, spend } from './evaluation.ts';
import { isJsonObject, type JsonObject, own } from './json-values.ts';
import type { Place } from './location.ts';

export interface ValidateOptions {
  /** Where the schema stands, for errors about the schema itself. */
  place?: string;
  /** Steps that may be spent; default 5 000 000, about half a second. */
  operations?: number;
  /** Faults listed at most; default 100. */
  faults?: number;
}

const maxDepth = 1000;
/** Everything a reference says comes first, what others have left over comes last. */
const keywords: [string, Keyword][] = [
  ['$ref', follow],
  ['$dynamicRef', follow],
  ...assertions,
  ...applicators(evaluate),
];
const plans = new WeakMap<JsonObject, [Keyword, unknown][]>();

/**
 * Throws unless `schema` is a sound JSON Schema 2020-12 (format.md 19.6, limits of 23). A sound schema is remembered by
 * its identity, so a schema must not be changed afterwards.
 *
 * @param place where the schema stands, put before every path
 * @throws WfmError `schema_invalid`, `schema_limit`, `regex_invalid`, `regex_unsupported`, `regex_limit`
 */
export function checkSchema(schema: unknown, place?: string): void {
  compileSchema(schema, place);
}

/**
 * Everything that is wrong with `value` under `schema`; an empty list when it is valid. JSON Schema 2020-12, with the
 * formats of `formats.ts` asserted and patterns on the linear-time engine. One verdict on server and page.
 *
 * @throws WfmError as `checkSchema`; `schema_limit` when the work exceeds its budget, `regex_limit` when a text that
 *   has a pattern is over 100 KB
 */
export function validateAgainst(schema: unknown, value: unknown, options: ValidateOptions = {}): SchemaFault[] {
  const compiled = compileSchema(schema, options.place);
  return validateNode(compiled, compiled.root, value, options);
}

/** `validateAgainst` for a schema inside a compiled one, whose references it shares. */
export function validateNode(
  compiled: CompiledSchema,
  node: Target,
  value: unknown,
  options: ValidateOptions = {},
): SchemaFault[] {
  const run: Run = { compiled, operationsLeft: options.operations ?? 5_000_000, depth: 0, scope: [] };
  const sink = { faults: [], most: options.faults ?? 100 };
  const outermost: Frame = { run, node: {}, value, at: null, sink, seen: null, sound: true };
  evaluate(outermost, node, value, null, sink, null);
  return sink.faults;
}

function evaluate(
  outer: Frame,
  schema: unknown,
  value: unknown,
  at: Place,
  sink: Sink,
  seen: Evaluated | null,
): boolean {
  const { run } = outer;
  spend(run, 1);
  if (schema === true) return true;
  const node = isJsonObject(schema) ? schema : {};
  const track = run.compiled.tracksEvaluated && typeof value === 'object' && value !== null;
  const frame: Frame = { run, node, value, at, sink, seen: track ? (seen ?? new Evaluated()) : null, sound: true };
  if (schema === false) {
    fail(frame, 'false', 'Nothing is allowed here.');
    return false;
  }
  if (++run.depth > maxDepth) {
    throw new WfmError('schema_limit', 'The schema follows the value deeper than a check can go.', {
      params: { what: 'depth', limit: maxDepth },
    });
  }
  const entered = run.compiled.dynamic ? enterScope(run, node) : false;
  for (const [keyword, setting] of planOf(node)) {
    spend(run, 1);
    keyword(frame, setting);
    if (!frame.sound && !sink) break;
  }
  if (entered) run.scope.pop();
  run.depth--;
  return frame.sound;
}

/** The keywords a node has, in the order in which they run. */
function planOf(node: JsonObject): [Keyword, unknown][] {
  const known = plans.get(node);
  if (known) return known;
  const plan: [Keyword, unknown][] = [];
  for (const [name, keyword] of keywords) if (Object.hasOwn(node, name)) plan.push([keyword, own(node, name)]);
  plans.set(node, plan);
  return plan;
}

function follow(frame: Frame, setting: unknown): void {
  const keyword = own(frame.node, '$ref') === setting ? '$ref' : '$dynamicRef';
  const { run, node } = frame;
  let target = run.compiled.target(node, keyword);
  if (keyword === '$dynamicRef') target = dynamicTarget(run.scope, target, String(setting));
  const looked = frame.seen ? new Evaluated() : null;
  if (!evaluate(frame, target, frame.value, frame.at, frame.sink, looked)) frame.sound = false;
  else if (looked) frame.seen?.add(looked);
}

/** `$dynamicRef` means the outermost `$dynamicAnchor` of that name on the way here (Core 8.2.3.2). */
function dynamicTarget(scope: Resource[], target: Target, reference: string): Target {
  const name = reference.slice(reference.indexOf('#') + 1);
  if (!isJsonObject(target) || own(target, '$dynamicAnchor') !== name) return target;
  for (const resource of scope) {
    const outermost = resource.dynamicAnchors.get(name);
    if (outermost) return outermost;
  }
  return target;
}

function enterScope(run: Run, node: JsonObject): boolean {
  const resource = run.compiled.resourceOf(node);
  if (!resource || run.scope.at(-1) === resource) return false;
  run.scope.push(resource);
  return true;
}
