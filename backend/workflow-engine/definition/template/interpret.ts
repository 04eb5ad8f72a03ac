import { isWfmError } from '../../errors/index.ts';
import { evaluate } from './evaluate-expression.ts';
import { leaveTemplate } from './leave.ts';
import { renderStatements } from './render.ts';
import { type RenderContext, Run } from './run.ts';
import type { Expression, Template } from './syntax-tree.ts';

/**
 * Renders to text, always (format.md 6). Throws `template_error` and `template_limit` with params `line` and
 * `column`; `filter_unknown` when a filter's name was itself computed.
 */
export function renderTemplate(template: Template, context: RenderContext): string {
  return guarded(template, context, (run) => {
    renderStatements(run, template.body);
    return run.output;
  });
}

/**
 * Rule 5.4: a lone `{{ expr }}` gives the value with its type, undefined as null; anything else its text. The value
 * may be part of the roots themselves: whoever changes it must copy it first. Throws as `renderTemplate`.
 */
export function evaluateTemplate(template: Template, context: RenderContext): unknown {
  const { lone } = template;
  if (lone === null) return renderTemplate(template, context);
  return guarded(template, context, (run) => {
    const value = evaluate(run, lone);
    // A plain path yields data of the roots, which holds nothing that would have to be converted.
    return isPath(lone) && value !== undefined ? value : leaveTemplate(run, value);
  });
}

function isPath(node: Expression): boolean {
  let part = node;
  while (part.kind === 'attribute') part = part.object;
  return part.kind === 'name';
}

function guarded<T>(template: Template, context: RenderContext, work: (run: Run) => T): T {
  const run = new Run(template.text, context);
  try {
    return work(run);
  } catch (thrown) {
    if (isWfmError(thrown)) throw thrown;
    // The host ran out of stack or of text length: a limit. Anything else is a fault of ours; neither may show itself.
    if (thrown instanceof RangeError) run.throwError('template_limit', 'The template is over a limit of the host');
    return run.fail('The template cannot be rendered');
  } finally {
    run.settle();
  }
}
