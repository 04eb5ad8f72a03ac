import type { CheckReply, CheckRequest, Fault, QuestionCheck, QuestionVerdict } from './check-messages.ts';

export interface Verdict {
  /** Empty when the value is valid. */
  readonly faults: readonly Fault[];
}

/** A check that takes longer is left to the server alone (format.md 19.6). */
const longestMs = 200;
/** The first one also loads the worker. */
const firstMs = 3_000;

interface Waiting {
  readonly resolve: (reply: CheckReply | null) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

let worker: Worker | null = null;
let isWarm = false;
let count = 0;
const waiting = new Map<number, Waiting>();

type Wanted<T> = T extends unknown ? Omit<T, 'id'> : never;

/** Checks a value in a worker. Null: it took too long, or there are no workers; then the server decides alone. */
export async function checkAnswer(schema: unknown, value: unknown): Promise<Verdict | null> {
  const reply = await ask({ schema, value });
  return reply && 'faults' in reply ? { faults: reply.faults } : null;
}

/** Judges the answer to a question as the server will, likewise. */
export async function checkQuestion(question: QuestionCheck): Promise<QuestionVerdict | null> {
  const reply = await ask({ question });
  return reply && 'verdict' in reply ? reply.verdict : null;
}

function ask(wanted: Wanted<CheckRequest>): Promise<CheckReply | null> {
  const running = start();
  if (!running) return Promise.resolve(null);
  const id = ++count;
  return new Promise((resolve) => {
    waiting.set(id, { resolve, timer: setTimeout(abandon, isWarm ? longestMs : firstMs) });
    running.postMessage({ id, ...wanted });
  });
}

function start(): Worker | null {
  if (worker) return worker;
  if (typeof Worker === 'undefined') return null;
  try {
    worker = new Worker(new URL('./check.worker.ts', import.meta.url), { type: 'module', name: 'wfm-validator' });
  } catch {
    return null;
  }
  worker.addEventListener('message', ({ data }: MessageEvent<CheckReply>) => {
    isWarm = true;
    settle(data.id, data);
  });
  worker.addEventListener('error', abandon);
  return worker;
}

/** Ends a worker that hangs; whatever waits for it is the server's. */
function abandon(): void {
  worker?.terminate();
  worker = null;
  isWarm = false;
  for (const id of waiting.keys()) settle(id, null);
}

function settle(id: number, reply: CheckReply | null): void {
  const entry = waiting.get(id);
  if (!entry) return;
  waiting.delete(id);
  clearTimeout(entry.timer);
  entry.resolve(reply);
}
