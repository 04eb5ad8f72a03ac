import { createParser } from 'eventsource-parser';
import { offlineError } from './problem.ts';

/** One frame of a stream, its data parsed. */
export interface StreamFrame {
  id: string | undefined;
  event: string;
  data: unknown;
}

/** Reads the frames of a response to its end. `onBytes` is told whenever anything came, comments too. */
export async function readFrames(
  response: Response,
  onFrame: (frame: StreamFrame) => void,
  onBytes: () => void = () => undefined,
): Promise<void> {
  if (!response.body) throw offlineError('no body');
  const parser = createParser({
    onEvent: ({ id, event, data }) => onFrame({ id, event: event ?? 'message', data: parsed(data) }),
  });
  const decoder = new TextDecoder();
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    onBytes();
    parser.feed(decoder.decode(value, { stream: true }));
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
