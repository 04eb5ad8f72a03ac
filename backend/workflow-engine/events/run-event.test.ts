import { describe, expect, it } from 'vitest';
import { canonicalLog } from './canonical-log.ts';
import shapes from './fixtures/shapes-1.json' with { type: 'json' };
import { type RunEvent, runEventSchema } from './run-event.ts';

const types = runEventSchema.options.map((option) => option.shape.type.value);

describe('stored events', () => {
  it.each(shapes.map((event) => [`${event.seq} ${event.type}`, event]))(
    '8 reads the stored shape %s unchanged',
    (_name, event) => {
      expect(runEventSchema.parse(event)).toEqual(event);
    },
  );

  it('8 has a fixture for every type', () => {
    expect(new Set(shapes.map((event) => event.type))).toEqual(new Set(types));
  });

  it('8 unknown fields survive a rewrite', () => {
    const [first] = shapes;
    const event = { ...first, later: 1, data: { ...first?.data, newer: true } };
    expect(runEventSchema.parse(event)).toEqual(event);
  });

  it('8 refuses an event without its data', () => {
    expect(runEventSchema.safeParse({ ...shapes[0], data: {} }).success).toBe(false);
    expect(runEventSchema.safeParse({ ...shapes[0], type: 'workflow_exploded' }).success).toBe(false);
  });
});

describe('8.7 the canonical form', () => {
  const events = shapes as unknown as RunEvent[];

  it('is the same for two runs that differ in ids, times, durations and key order alone', () => {
    const other = JSON.parse(
      JSON.stringify(events).replaceAll('0197c0de-', 'abcdef01-').replaceAll('T09:', 'T11:').replaceAll('812', '4'),
    ) as RunEvent[];
    const turned = other.map((event) => Object.fromEntries(Object.entries(event).reverse()) as RunEvent);
    expect(canonicalLog(turned)).toEqual(canonicalLog(events));
  });

  it('differs as soon as one value does', () => {
    const other = JSON.parse(JSON.stringify(events).replace('Rain suits us', 'Sun suits us')) as RunEvent[];
    expect(canonicalLog(other)).not.toEqual(canonicalLog(events));
  });

  it('tells apart two logs of which one has two ids where the other has one', () => {
    const [first, second] = events.slice(0, 2) as [RunEvent, RunEvent];
    const elsewhere = { ...second, branch_id: second.workflow_run_id } as RunEvent;
    expect(canonicalLog([first, elsewhere])).not.toEqual(canonicalLog([first, second]));
  });
});
