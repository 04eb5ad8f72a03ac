import { isWfmError } from '@wfm/workflow-engine/errors';
import type { Diagnostic, RuleFailure } from '@wfm/workflow-engine/models';

/** Prints an error for a person: our own with code and place, a foreign one as one line. Never a stack. */
export function printError(error: unknown): void {
  if (!isWfmError(error)) {
    console.error(`wfm: ${error instanceof Error ? error.message : String(error)}`);
    return;
  }
  const place = error.place === undefined || error.place === '' ? '' : ` at ${error.place}`;
  console.error(`wfm: ${error.message} [${error.code}${place}]`);
  if (error.errors.length > 1) {
    for (const item of error.errors)
      console.error(`  ${item.path === '' ? '(whole)' : item.path}: ${item.message} [${item.code}]`);
  }
}

/** One line for each finding: severity, where, what. */
export function printDiagnostics(diagnostics: readonly Diagnostic[]): void {
  for (const { severity, place, file, pointer, message, code, hint } of diagnostics) {
    const where = file === undefined ? place : `${file}${pointer ? `#${pointer}` : ''}`;
    console.log(`${severity.padEnd(7)} ${where === '' ? '(whole)' : where}: ${message} [${code}]`);
    if (hint !== undefined) console.log(`        ${hint}`);
  }
}

/** What is wrong with an answer. */
export function printRefusal({ severity, message }: RuleFailure): void {
  console.error(`  ${severity}: ${message}`);
}

/** A value as a person reads it: text as is, anything else as indented JSON, cut at `max` characters. */
export function shown(value: unknown, max = 2000): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? 'nothing');
  return text.length > max ? `${text.slice(0, max)}… (${text.length} characters)` : text;
}
