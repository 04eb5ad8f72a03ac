import { describeCode, type ErrorCode, type ErrorItem, WfmError } from '../errors/index.ts';
import type { Diagnostic } from '../models/diagnostic.ts';
import { comparePlaces } from './place.ts';

/** Severity of a code when nothing else is said (format.md 24). */
function severityOf(code: ErrorCode): Diagnostic['severity'] {
  if (code === 'file_unused') return 'info';
  return describeCode(code).kind === 'warning' ? 'warning' : 'error';
}

/** One finding at a place. `structural` follows from the code (format.md 24, S), for errors only. */
export function finding(
  code: ErrorCode,
  place: string,
  message: string,
  extra: { params?: Record<string, unknown>; severity?: Diagnostic['severity']; hint?: string | undefined } = {},
): Diagnostic {
  const severity = extra.severity ?? severityOf(code);
  const diagnostic: Diagnostic = { code, params: extra.params ?? {}, severity, place, message };
  if (extra.hint !== undefined) diagnostic.hint = extra.hint;
  if (severity === 'error' && describeCode(code).kind === 'definition_structural') diagnostic.structural = true;
  return diagnostic;
}

/** In order of the document, then by code; what two checks found at one place under one code counts once. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Map<string, Diagnostic>();
  for (const diagnostic of diagnostics) {
    const key = JSON.stringify([
      diagnostic.place,
      diagnostic.code,
      diagnostic.params['key'] ?? diagnostic.params['file'],
    ]);
    if (!seen.has(key)) seen.set(key, diagnostic);
  }
  return [...seen.values()].sort((a, b) => comparePlaces(a.place, b.place) || (a.code < b.code ? -1 : 1));
}

/** One error that lists all of them; its code, message and place are those of the first. */
export function errorOf(diagnostics: readonly Diagnostic[]): WfmError {
  const first = diagnostics[0];
  if (!first) throw new TypeError('an error needs at least one finding');
  const errors = diagnostics.map(
    (diagnostic): ErrorItem => ({
      path: diagnostic.place,
      code: diagnostic.code as ErrorCode,
      params: {
        ...diagnostic.params,
        ...(diagnostic.file === undefined ? {} : { file: diagnostic.file, pointer: diagnostic.pointer }),
      },
      message: diagnostic.message,
    }),
  );
  const place = first.place === '' ? {} : { place: first.place };
  return new WfmError(first.code as ErrorCode, first.message, { params: errors[0]?.params ?? {}, ...place, errors });
}
