import { type ErrorCode, WfmError } from '../../errors/index.ts';

/** Line and column of an offset, both from 1; columns count UTF-16 units, as editors do. */
export function positionAt(source: string, offset: number): { line: number; column: number } {
  let line = 1;
  let lineStart = 0;
  for (let at = source.indexOf('\n'); at !== -1 && at < offset; at = source.indexOf('\n', lineStart)) {
    line += 1;
    lineStart = at + 1;
  }
  return { line, column: offset - lineStart + 1 };
}

export type TemplateErrorCode = Extract<
  ErrorCode,
  'template_syntax' | 'template_unsupported' | 'filter_unknown' | 'template_limit' | 'template_error'
>;

/**
 * A template's error as format.md 6.8 wants it: place, line and column, nothing of the host.
 * `sentence` comes without its full stop; the position is written behind it.
 */
export function templateError(
  code: TemplateErrorCode,
  sentence: string,
  at: { source: string; offset: number; place?: string | undefined },
  params: Record<string, unknown> = {},
): WfmError {
  const position = positionAt(at.source, at.offset);
  const message = `${sentence} (line ${position.line}, column ${position.column}).`;
  const options = { params: { ...params, ...position } };
  return new WfmError(code, message, at.place === undefined ? options : { ...options, place: at.place });
}
