import { isWfmError } from '../errors/index.ts';
import type { StatusDisplay, Workflow } from '../models/workflow.ts';
import { parseTemplate, renderTemplate } from './template/index.ts';

/** What a `status_display` may read (format.md 2.4), and the clock of `now()`. */
export interface StatusDisplayContext {
  /** Flat state. */
  state: unknown;
  current_step_name: string;
  now: Date;
  timezone: string;
}

export interface StatusField {
  id: string;
  label: string;
  value: string;
}

/**
 * The fields that a list of runs shows, in order of their definition. A field is left out when its template fails,
 * reads from something that is not there, or gives nothing or `None` (format.md 2.4). Never throws for a template.
 */
export function renderStatusDisplay(
  workflow: Pick<Workflow, 'status_display'>,
  context: StatusDisplayContext,
): StatusField[] {
  const display: StatusDisplay | undefined = workflow.status_display;
  if (!display) return [];
  const { state, current_step_name, now, timezone } = context;
  const fields: StatusField[] = [];
  for (const field of display.fields) {
    const value = tryRender(field.value, { roots: { state, current_step_name }, now, timezone, strictUndefined: true });
    if (value !== undefined && value !== '' && value !== 'None')
      fields.push({ id: field.id, label: field.label, value });
  }
  return fields;
}

function tryRender(source: string, context: Parameters<typeof renderTemplate>[1]): string | undefined {
  try {
    return renderTemplate(parseTemplate(source), context).trim();
  } catch (thrown) {
    if (isWfmError(thrown)) return undefined;
    throw thrown;
  }
}
