import { WfmError } from '../../../errors/index.ts';
import type { RuleFailure } from '../../../models/execution.ts';
import { isSignedExtension, sniffType } from './sniff-type.ts';

/** A file that came inside an answer. */
export interface InlineFile {
  mime: string;
  data: Uint8Array;
}

const dataUrl = /^data:([a-z0-9.+-]{1,80}\/[a-z0-9.+-]{1,80})?(?:;[a-z0-9-]{1,40}=[^;,]{0,80})*(;base64)?,/i;

/**
 * Takes a data URL apart.
 *
 * @throws WfmError `response_invalid` when it is malformed
 */
export function readDataUrl(text: string): InlineFile {
  const head = dataUrl.exec(text.slice(0, 400));
  if (!head) throw malformed('The data URL cannot be read.');
  const body = text.slice(head[0].length);
  const mime = (head[1] ?? 'text/plain').toLowerCase();
  if (head[2] === undefined) {
    try {
      return { mime, data: new TextEncoder().encode(decodeURIComponent(body)) };
    } catch {
      throw malformed('The data URL is not well encoded.');
    }
  }
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(body)) throw malformed('The data URL is not valid base64.');
  return { mime, data: new Uint8Array(Buffer.from(body, 'base64')) };
}

/** Bytes as a data URL. */
export function toDataUrl(mime: string, data: Uint8Array): string {
  return `data:${mime};base64,${Buffer.from(data).toString('base64')}`;
}

function malformed(message: string): WfmError {
  return new WfmError('response_invalid', message, { place: 'response.value' });
}

/** Extensions as authors write them (`png`, `.PNG`, `*.png`) in one form, `.png`; doubles removed. */
export function normalExtensions(written: readonly string[]): string[] {
  const normal = written.map((text) =>
    text
      .trim()
      .toLowerCase()
      .replace(/^\*/, '')
      .replace(/^(?!\.)/, '.'),
  );
  return [...new Set(normal.filter((extension) => extension !== '.' && extension !== ''))];
}

/** The extension of a file name in lower case, `.png`; empty without one. */
export function extensionOf(filename: string): string {
  const dot = filename.lastIndexOf('.');
  return dot < 0 ? '' : filename.slice(dot).toLowerCase();
}

/**
 * Is this one of the accepted types? First by the bytes, then by the name (format.md 14.1): bytes of another known kind
 * are refused whatever the name says, and a name that promises known bytes must keep its promise.
 *
 * @param accepted normal extensions; empty accepts everything
 */
export function typeFailure(data: Uint8Array, filename: string, accepted: readonly string[]): RuleFailure | undefined {
  if (accepted.length === 0) return undefined;
  const kind = sniffType(data);
  const named = extensionOf(filename);
  const found = kind?.extensions.includes(named) ? [named] : (kind?.extensions ?? [named]);
  const honest = kind !== undefined || !isSignedExtension(named);
  if (honest && found.some((extension) => accepted.includes(extension))) return undefined;
  const what = kind ? kind.mime : `"${named || filename}"`;
  const message = `This file (${what}) is not accepted. Accepted are: ${accepted.join(', ')}.`;
  return fileFailure('file_type_refused', message, { type: kind?.mime ?? named, accepted: [...accepted] });
}

/** A failure about the file of an answer. */
export function fileFailure(
  id: 'file_type_refused' | 'file_too_large',
  message: string,
  params: Record<string, unknown>,
): RuleFailure {
  return { id, field: 'value', rule: id, message, severity: 'error', params };
}
