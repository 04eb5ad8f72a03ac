import { evaluateTemplate, parseTemplate, renderTemplate } from '../definition/template/index.ts';
import { isJsonObject, type JsonObject } from '../models/json.ts';
import { limits } from '../models/limits.ts';

/** What templates of a display schema read besides the node's own value (format.md 18.2). */
export interface DisplayScope {
  state: unknown;
  /** The nearest item of a list around the node. */
  item: unknown;
  /** The root of the data. */
  data: unknown;
  now?: Date | undefined;
  timezone?: string | undefined;
  /** Work left for all templates of one view together. */
  meter: { left: number };
}

/** A scope at the root of `data`. */
export function rootScope(given: { data: unknown; state?: unknown; now?: Date; timezone?: string }): DisplayScope {
  const { data, state, now, timezone } = given;
  return { data, state: state ?? {}, item: undefined, now, timezone, meter: { left: 10 * limits.templateNodeVisits } };
}

/** Names that templates read: on an object its own fields, else `value`; `state`, `item`, `data` always. */
function rootsOf(value: unknown, scope: DisplayScope, more: JsonObject): JsonObject {
  const own = isJsonObject(value) ? value : { value };
  return { ...own, ...more, state: scope.state, item: scope.item, data: scope.data };
}

/** What a hint's template gave; undefined where it does not render (an unknown filter, a limit, a syntax fault). */
export type Rendered = { value: unknown } | undefined;

/** The text of a template with `value` as its node. A text without a template is that text. */
export function renderHint(source: string, value: unknown, scope: DisplayScope): string | undefined {
  return run(source, value, scope, {}, false)?.value as string | undefined;
}

/** The value of a template: a lone expression keeps its type, undefined where it finds nothing (format.md 5.4). */
export function evaluateHint(source: unknown, value: unknown, scope: DisplayScope, more: JsonObject = {}): Rendered {
  return typeof source === 'string' ? run(source, value, scope, more, true) : { value: source };
}

function run(source: string, value: unknown, scope: DisplayScope, more: JsonObject, keepsType: boolean): Rendered {
  if (!source.includes('{{') && !source.includes('{%') && !source.includes('{#')) return { value: source };
  const context = {
    roots: rootsOf(value, scope, more),
    now: scope.now,
    timezone: scope.timezone,
    meter: scope.meter,
  };
  try {
    const template = parseTemplate(source);
    return { value: keepsType ? evaluateTemplate(template, context) : renderTemplate(template, context) };
  } catch {
    // An author's template that fails must not take the rest of the view with it; its node says so with a mark.
    return undefined;
  }
}
