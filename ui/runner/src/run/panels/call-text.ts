import { valueText } from '../value-text.ts';

/** One part of what was sent. */
export interface CallMessage {
  /** `system`, `user`…; empty for a request that has no roles. */
  role: string;
  text: string;
}

const recordOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

/** What was sent to a model, message by message; anything else as it is. */
export function messagesOf(request: unknown): CallMessage[] {
  const { messages, ...rest } = recordOf(request);
  if (!Array.isArray(messages)) return [{ role: '', text: valueText(request) }];
  const said = messages.map((message) => {
    const { role, parts } = recordOf(message);
    return { role: typeof role === 'string' ? role : '', text: contentText(parts) };
  });
  return Object.keys(rest).length === 0 ? said : [...said, { role: '', text: valueText(rest) }];
}

function contentText(parts: unknown): string {
  if (!Array.isArray(parts)) return valueText(parts ?? '');
  return parts
    .map((part) => {
      const { text } = recordOf(part);
      return typeof text === 'string' ? text : valueText(part);
    })
    .join('\n\n');
}

/** What was answered: a model's text, the body of an address, anything else as it is. */
export function replyText(reply: unknown): string {
  const { text, body, status } = recordOf(reply);
  if (typeof text === 'string') return text;
  return typeof body === 'string' ? `${valueText(status)}\n${body}` : valueText(reply);
}
