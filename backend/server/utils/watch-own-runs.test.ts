import { sampleAppend, startSample } from '@wfm/workflow-engine/testing';
import { createMemoryDatabase } from '@wfm/workflow-engine/ports/memory';
import { createTestClock } from '@wfm/workflow-engine/testing';
import { expect, test } from 'vitest';
import { watchOwnRuns } from './watch-own-runs.ts';

test('tells how many wait, then which runs change, and nothing of anybody else’s', async () => {
  const { runs } = createMemoryDatabase({ clock: createTestClock() });
  const own = await startSample(runs, { user_id: 'ada' });
  const stop = new AbortController();
  const frames = watchOwnRuns(runs, 'ada', stop.signal);
  expect((await frames.next()).value).toEqual({ event: 'inbox_changed', data: { total: 0 } });
  const next = frames.next();
  await startSample(runs, { user_id: 'bob', template_id: 'other' });
  await runs.append(sampleAppend({ ...own, expectedSeq: 0 }, 1));
  expect((await next).value).toMatchObject({ event: 'run_changed', data: { workflow_run_id: own.runId } });
  stop.abort();
  expect((await frames.next()).done).toBe(true);
});
