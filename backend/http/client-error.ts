import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { describeCode, type ErrorCode } from '@wfm/workflow-engine/errors';

const faults: Record<string, { status: number; code: ErrorCode; detail: string }> = {
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, code: 'request_invalid', detail: 'The request was not sent within 15 s.' },
  HPE_HEADER_OVERFLOW: { status: 431, code: 'request_invalid', detail: 'The headers of the request are too large.' },
};
const malformed = { status: 400, code: 'request_invalid' as const, detail: 'This is not a valid HTTP request.' };

/** Answers on the bare socket what never became a request: too slow, too many headers, not HTTP. */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const { status, code, detail } = faults[error.code ?? ''] ?? malformed;
  const { title } = describeCode(code);
  const type = `https://wfm.dev/errors/${code.replaceAll('_', '-')}`;
  const body = JSON.stringify({ type, code, params: {}, title, status, detail, instance: '', errors: [] });
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: application/problem+json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
