import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../events/run-event.ts';
import { createMemoryDatabase } from '../ports/memory/index.ts';
import type { RunStore } from '../ports/run-store.ts';
import { expectCode } from '../testing/expect-code.ts';
import { sampleAppend, sampleFork, startSample } from '../testing/run-samples.ts';
import { createTestClock } from '../testing/test-clock.ts';
import { ProgressHub } from './streaming.ts';
import { type StreamFrame, sharedSeq, tail } from './tail.ts';

const newRuns = (): RunStore => createMemoryDatabase({ clock: createTestClock() }).runs;
/** None of these logs has values beside it. */
const noValues = { getValue: () => Promise.resolve(null) };
const update = (message: string) => ({ step_id: 's', module_name: 'm', message, elapsed_ms: 1 });
const projection = (branchId: string) => ({ current_branch_id: branchId });

/** A reader of a run's stream, frame by frame. */
class Reader {
  readonly #abort = new AbortController();
  readonly #frames: AsyncGenerator<StreamFrame>;
  readonly progress = new ProgressHub();

  constructor(runs: RunStore, runId: string, lastEventId?: string) {
    this.#frames = tail({
      runs,
      content: noValues,
      progress: this.progress,
      runId,
      signal: this.#abort.signal,
      ...(lastEventId === undefined ? {} : { lastEventId }),
    });
  }

  async next(): Promise<StreamFrame | null> {
    const { value, done } = await this.#frames.next();
    return done === true ? null : value;
  }

  /** The next so many frames: ids of events, `branch → …@seq`, progress messages. */
  async read(count: number): Promise<string[]> {
    const texts: string[] = [];
    while (texts.length < count) {
      const frame = await this.next();
      if (!frame) return [...texts, 'end'];
      texts.push(textOf(frame));
    }
    return texts;
  }

  /** What comes at once; a frame that has to be waited for is not there. */
  async now(): Promise<string> {
    const pending = this.#frames.next();
    const late = new Promise<null>((resolve) =>
      setTimeout(() => {
        resolve(null);
      }, 20),
    );
    const first = await Promise.race([pending, late]);
    if (first) return first.done === true ? 'end' : textOf(first.value);
    this.#abort.abort();
    return (await pending).done === true ? 'nothing' : 'late';
  }

  abort(): void {
    this.#abort.abort();
  }
}

function textOf(frame: StreamFrame): string {
  if (frame.event === 'branch') {
    const { branch_id, fork_seq } = frame.data as { branch_id: string; fork_seq: number };
    return `branch → ${branch_id}@${fork_seq}`;
  }
  if (frame.event === 'progress') return (frame.data as { message: string }).message;
  return frame.id ?? frame.event;
}

describe('the stream of a run', () => {
  it('begins with event 0 and gives each event with its id, type and whole data', async () => {
    const runs = newRuns();
    const { runId, branchId } = await startSample(runs);
    await runs.append(sampleAppend({ runId, branchId, expectedSeq: 0 }, 2));
    const reader = new Reader(runs, runId);
    const first = await reader.next();
    expect(first).toMatchObject({
      id: `${branchId}:0`,
      event: 'workflow_created',
      data: { seq: 0, branch_id: branchId },
    });
    expect(await reader.read(2)).toEqual([`${branchId}:1`, `${branchId}:2`]);
    expect(await reader.now()).toBe('nothing');
  });

  it('goes on after Last-Event-ID, and follows what is appended', async () => {
    const runs = newRuns();
    const { runId, branchId } = await startSample(runs);
    await runs.append(sampleAppend({ runId, branchId, expectedSeq: 0 }, 3));
    const reader = new Reader(runs, runId, `${branchId}:2`);
    expect(await reader.read(1)).toEqual([`${branchId}:3`]);
    const following = reader.read(2);
    await runs.append(sampleAppend({ runId, branchId, expectedSeq: 3 }));
    await runs.append(sampleAppend({ runId, branchId, expectedSeq: 4 }));
    expect(await following).toEqual([`${branchId}:4`, `${branchId}:5`]);
  });

  it('an event that is appended while another is being read is neither lost nor doubled', async () => {
    const runs = newRuns();
    const { runId, branchId } = await startSample(runs);
    const reader = new Reader(runs, runId);
    const seen: string[] = [];
    // An append between any two frames, and two where the reader has just begun to wait.
    for (let seq = 0; seq < 40; seq += 1) {
      const [frame] = await reader.read(1);
      seen.push(frame ?? '');
      await runs.append(sampleAppend({ runId, branchId, expectedSeq: seq }));
    }
    expect(seen).toEqual(Array.from({ length: 40 }, (_, seq) => `${branchId}:${seq}`));
  });

  it('reads a long log page by page, and every reader by itself', async () => {
    const runs = newRuns();
    const { runId, branchId } = await startSample(runs);
    await runs.append(sampleAppend({ runId, branchId, expectedSeq: 0 }, 450));
    const all = Array.from({ length: 451 }, (_, seq) => `${branchId}:${seq}`);
    const one = new Reader(runs, runId);
    const two = new Reader(runs, runId, `${branchId}:199`);
    expect(await Promise.all([one.read(451), two.read(251)])).toEqual([all, all.slice(200)]);
    expect(await one.now()).toBe('nothing');
  });

  it('3.2 says that the run has moved to a branch, from where both lines part', async () => {
    const runs = newRuns();
    const { runId, branchId } = await startSample(runs);
    await runs.append(sampleAppend({ runId, branchId, expectedSeq: 0 }, 5));
    const reader = new Reader(runs, runId);
    await reader.read(6);
    const following = reader.read(3);
    await runs.append(sampleFork({ runId, parentId: branchId, forkSeq: 2, branchId: 'B' }, 2));
    expect(await following).toEqual(['branch → B@2', 'B:3', 'B:4']);
    // Whoever had not read as far keeps what it has read.
    expect(await new Reader(runs, runId, `${branchId}:1`).read(4)).toEqual(['branch → B@1', 'B:2', 'B:3', 'B:4']);
    // And back again: the rest of the branch that the run has returned to.
    const back = reader.read(4);
    const branch_resumed = { ...sampleAppend({ runId, branchId, expectedSeq: 5 }), projection: projection(branchId) };
    await runs.append(branch_resumed);
    expect(await back).toEqual([`branch → ${branchId}@2`, `${branchId}:3`, `${branchId}:4`, `${branchId}:5`]);
  });

  it('9.1 a fork of a fork below the fork that it comes from loses nothing', async () => {
    const runs = newRuns();
    const { runId, branchId } = await startSample(runs);
    await runs.append(sampleAppend({ runId, branchId, expectedSeq: 0 }, 7));
    await runs.append(sampleFork({ runId, parentId: branchId, forkSeq: 5, branchId: 'B' }, 3));
    await runs.append(sampleFork({ runId, parentId: 'B', forkSeq: 2, branchId: 'C' }, 2));
    expect(await new Reader(runs, runId, `${branchId}:7`).read(3)).toEqual(['branch → C@2', 'C:3', 'C:4']);
    expect(await new Reader(runs, runId, 'B:8').read(3)).toEqual(['branch → C@2', 'C:3', 'C:4']);
  });

  it('an id of a branch that the run never had begins anew', async () => {
    const runs = newRuns();
    const { runId, branchId } = await startSample(runs);
    expect(await new Reader(runs, runId, 'elsewhere:7').read(2)).toEqual([`branch → ${branchId}@-1`, `${branchId}:0`]);
  });

  it('passes progress on without an id, the latest where there is too much of it', async () => {
    const runs = newRuns();
    const { runId, branchId } = await startSample(runs);
    const reader = new Reader(runs, runId);
    await reader.read(1);
    const following = reader.read(2);
    reader.progress.publish('another run', update('not this one'));
    reader.progress.publish(runId, update('a'));
    reader.progress.publish(runId, update('b'));
    expect(await following).toEqual(['a', 'b']);
    for (let count = 0; count < 150; count += 1) reader.progress.publish(runId, update(`u${count}`));
    await runs.append(sampleAppend({ runId, branchId, expectedSeq: 0 }));
    const texts = await reader.read(101);
    expect(texts[0]).toBe(`${branchId}:1`);
    expect(texts.slice(1)).toEqual(Array.from({ length: 100 }, (_, at) => `u${at + 50}`));
    expect(await reader.now()).toBe('nothing');
  });

  it('an abort ends it, waiting or in the middle of a page, and leaves no watcher behind', async () => {
    const runs = newRuns();
    let watchers = 0;
    const { watch } = runs;
    runs.watch = (runId, onChange) => {
      const stop = watch.call(runs, runId, onChange);
      watchers += 1;
      return () => {
        watchers -= 1;
        stop();
      };
    };
    const { runId, branchId } = await startSample(runs);
    await runs.append(sampleAppend({ runId, branchId, expectedSeq: 0 }, 9));
    const waiting = new Reader(runs, runId);
    await waiting.read(10);
    const end = waiting.read(1);
    waiting.abort();
    expect(await end).toEqual(['end']);
    const middle = new Reader(runs, runId);
    await middle.read(3);
    middle.abort();
    expect(await middle.read(1)).toEqual(['end']);
    const gone = tail({
      runs,
      content: noValues,
      progress: new ProgressHub(),
      runId,
      signal: new AbortController().signal,
    });
    await gone.next();
    await gone.return(undefined);
    expect(watchers).toBe(0);
  });

  it('a run that is not there, or is deleted meanwhile, is run_not_found', async () => {
    const runs = newRuns();
    await expectCode(new Reader(runs, 'nobody').next(), 'run_not_found');
    const { runId } = await startSample(runs);
    const reader = new Reader(runs, runId);
    await reader.read(1);
    const next = reader.next();
    await runs.delete({ runId });
    await expectCode(next, 'run_not_found');
  });

  it.each(['abc', ':1', 'A:', 'A:-1', 'A:1.5', 'A: 1', 'A:0x10', 'A:1e3', 'A:99999999999999999999'])(
    'a Last-Event-ID that is none is request_invalid: %s',
    async (id) => {
      const runs = newRuns();
      const { runId } = await startSample(runs);
      await expectCode(new Reader(runs, runId, id).next(), 'request_invalid');
    },
  );

  it('an empty Last-Event-ID is as good as none', async () => {
    const runs = newRuns();
    const { runId, branchId } = await startSample(runs);
    expect(await new Reader(runs, runId, '').read(1)).toEqual([`${branchId}:0`]);
  });
});

describe('where two lines part', () => {
  it('3.2 a client that follows any walk over any tree of forks ends with the current line, without a gap', async () => {
    const act = fc.oneof(
      fc.record({ kind: fc.constant('append' as const), at: fc.nat(), count: fc.integer({ min: 1, max: 3 }) }),
      fc.record({ kind: fc.constant('fork' as const), at: fc.nat(), count: fc.integer({ min: 1, max: 3 }) }),
      fc.record({ kind: fc.constant('return' as const), at: fc.nat(), count: fc.constant(1) }),
      fc.record({ kind: fc.constant('read' as const), at: fc.nat({ max: 12 }), count: fc.constant(1) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 4, maxLength: 30 }), async (acts) => {
        const runs = newRuns();
        const { runId, branchId: first } = await startSample(runs);
        let current = first;
        let names = 0;
        let held: string[] = [];
        let lastEventId: string | undefined;
        /** Reads at most so many frames as a client that reconnects each time would, and keeps its copy of the line. */
        const read = async (most: number): Promise<void> => {
          const abort = new AbortController();
          const options = { runs, content: noValues, runId, progress: new ProgressHub(), signal: abort.signal };
          const stream = tail(lastEventId === undefined ? options : { ...options, lastEventId });
          for (let count = 0; count < most; count += 1) {
            const row = await runs.find({ runId });
            if (lastEventId === `${current}:${row?.last_seq}`) break;
            const { value } = (await stream.next()) as { value: StreamFrame };
            lastEventId = value.id ?? lastEventId;
            if (value.event === 'branch') held.length = (value.data as { fork_seq: number }).fork_seq + 1;
            else held.push(JSON.stringify(value.data));
          }
          abort.abort();
          await stream.return(undefined);
        };
        for (const { kind, at, count } of acts) {
          const branches = await runs.branches({ runId });
          const row = branches.find((branch) => branch.branch_id === current);
          const lastSeq = row?.last_seq ?? 0;
          if (kind === 'append')
            await runs.append(sampleAppend({ runId, branchId: current, expectedSeq: lastSeq }, count));
          else if (kind === 'fork') {
            names += 1;
            await runs.append(
              sampleFork({ runId, parentId: current, forkSeq: at % (lastSeq + 1), branchId: `b${names}` }, count),
            );
            current = `b${names}`;
          } else if (kind === 'return') {
            const to = branches[at % branches.length];
            if (!to) continue;
            current = to.branch_id;
            const params = sampleAppend({ runId, branchId: current, expectedSeq: to.last_seq });
            await runs.append({ ...params, projection: projection(current) });
          } else await read(at);
        }
        await read(Number.POSITIVE_INFINITY);
        const line: RunEvent[] = await runs.readLine({ runId, branchId: current, afterSeq: -1 });
        expect(held).toEqual(line.map((event) => JSON.stringify(event)));
        held = [];
      }),
      { numRuns: 150 },
    );
  });

  it('sharedSeq of a branch and itself is its head', async () => {
    const runs = newRuns();
    const { runId, branchId } = await startSample(runs);
    await runs.append(sampleAppend({ runId, branchId, expectedSeq: 0 }, 3));
    expect(sharedSeq(await runs.branches({ runId }), branchId, branchId)).toBe(3);
    expect(sharedSeq([], branchId, branchId)).toBe(-1);
  });
});
