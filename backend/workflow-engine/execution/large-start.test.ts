import { expect, it } from 'vitest';
import { createMemoryDatabase } from '../ports/memory/index.ts';
import { createRig } from '../testing/engine-rig.ts';
import { liveClock } from '../testing/live-clock.ts';

it('7.7 a run whose first modules make a large value starts, and reads it back', async () => {
  const clock = liveClock();
  const rig = createRig({ database: createMemoryDatabase({ clock }), clock });
  const started = await rig.start({
    format: 2,
    workflow_id: 'large',
    name: 'Large',
    initial_state: { piece: 'x'.repeat(1000) },
    steps: [
      {
        step_id: 's',
        name: 'S',
        modules: [
          {
            module_id: 'transform.extract',
            name: 'grow',
            inputs: { out: '{{ state.piece * 1 }}{% for i in range(400) %}{{ state.piece }}{% endfor %}' },
            outputs_to_state: { out: 'big' },
          },
          { module_id: 'user.pause', name: 'stop', inputs: { message: 'go on?' } },
        ],
      },
    ],
  });
  expect(started.status).toBe('awaiting_input');
  const stored = await rig.database.runs.readLine({
    runId: started.workflow_run_id ?? '',
    branchId: started.branch_id ?? '',
    afterSeq: -1,
  });
  expect(stored.map((event) => event.type === 'module_completed' && event.data.outputs_ref !== undefined)).toContain(
    true,
  );
  const done = await rig.respond(started, {});
  expect(done).toMatchObject({ status: 'completed', result: { big: 'x'.repeat(401_000) } });
});
