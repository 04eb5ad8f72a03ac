import type { Template } from '../../definition/template/index.ts';
import { evaluateTemplate, parseTemplate, renderTemplate } from '../../definition/template/index.ts';
import { isWfmError, type WfmError } from '../../errors/index.ts';
import { isJsonObject, type JsonObject } from '../../models/json.ts';
import { limits } from '../../models/limits.ts';
import type { ModuleContext } from '../module.ts';

/** Templates that a module renders itself, all within one budget. */
export interface Renderer {
  /** By format.md 5.4: a lone expression keeps its type. Throws `template_error`, `template_limit`. */
  evaluate(template: Template, roots: JsonObject, place: string): unknown;
  /** To text, always. */
  render(template: Template, roots: JsonObject, place: string): string;
}

/** Work of all templates of one module together: ten times the budget of one. */
const visitsTogether = 10 * limits.templateNodeVisits;

/** A renderer with the module's clock and time zone; undefined lookups become warnings (format.md 5.5). */
export function rendererFor(context: ModuleContext): Renderer {
  const meter = { left: visitsTogether };
  const contextOf = (roots: JsonObject, place: string) => ({
    roots,
    now: context.now,
    timezone: context.timezone,
    place,
    meter,
    onUndefined: (expression: string, at: string | undefined) =>
      context.warn('undefined_reference', `"${expression}" is not there.`, { expression }, at),
  });
  return {
    evaluate: (template, roots, place) => evaluateTemplate(template, contextOf(roots, place)),
    render: (template, roots, place) => renderTemplate(template, contextOf(roots, place)),
  };
}

/** True for a text that rendering would act on. */
export function isTemplate(text: string): boolean {
  return text.includes('{{') || text.includes('{%');
}

/** The source of a template as an author writes it in an input: a text, or a typed node. */
export function templateSource(written: unknown): string | undefined {
  if (typeof written === 'string') return written;
  const content = isJsonObject(written) ? written['content'] : undefined;
  return typeof content === 'string' ? content : undefined;
}

/** A parsed template, or what is wrong with its source. */
export function tryParse(source: string): Template | WfmError {
  try {
    return parseTemplate(source);
  } catch (thrown) {
    if (isWfmError(thrown)) return thrown;
    throw thrown;
  }
}
