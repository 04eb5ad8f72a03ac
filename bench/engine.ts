import type { WorkflowResponse } from '@wfm/workflow-engine/models';
import { median, time } from './measure.ts';
import { openRig, type Rig, type Storage } from './rig.ts';
import type { Figure } from './table.ts';
import { computeStep, effectStep, type Make, many, modelStep, question, workflowOf } from './workflows.ts';

/** Time per step, latencies, and how flat the cost stays as the history grows. */
export async function benchEngine(options: { storage: Storage; folder: string; scale: number }): Promise<Figure[]> {
  const rig = await openRig(options.storage, options.folder);
  const rounds = (count: number): number => Math.max(5, Math.round(count * options.scale));
  const figures: Figure[] = [];
  const ms = (name: string, value: number): void => void figures.push({ name, value, unit: 'ms' });
  await warmUp(rig);

  const dialogue = await rig.keep(
    workflowOf([...many(computeStep, 5), question('ask'), ...many(computeStep, 5, 'after')]),
  );
  ms('start to question', median(await times(rounds(200), () => rig.start(dialogue))));
  const waiting = await begun(rig, dialogue, rounds(200));
  ms(
    'answer to end',
    median(await times(waiting.length, (round) => rig.respond(waiting[round] as WorkflowResponse, { value: 'yes' }))),
  );

  ms('compute step', await perStep(rig, computeStep, rounds(40)));
  ms('effect step, durable on its own', await perStep(rig, effectStep, rounds(20)));
  ms('model step, durable on its own, its call recorded', await perStep(rig, modelStep, rounds(20)));

  const flat: Record<string, number[]> = {};
  for (const [kind, make] of [
    ['compute', computeStep],
    ['effect', effectStep],
  ] as const) {
    flat[kind] = await afterHistories(rig, make, [10, 100, 1000], rounds(30));
    for (const [index, history] of [10, 100, 1000].entries()) {
      ms(`${kind} step after ${history} steps of history`, flat[kind][index] ?? 0);
    }
  }
  for (const [kind, [short, , long]] of Object.entries(flat)) {
    figures.push({
      name: `${kind} step: after 1000 against 10 steps of history`,
      value: (long ?? 0) / (short ?? 1),
      unit: 'ratio',
    });
  }
  await rig.close();
  return figures;
}

async function warmUp(rig: Rig): Promise<void> {
  const version = await rig.keep(
    workflowOf([...many(effectStep, 100), ...many(computeStep, 100, 'c'), ...many(modelStep, 100, 'l')]),
  );
  for (let round = 0; round < 5; round += 1) await rig.start(version);
}

async function times(rounds: number, work: (round: number) => Promise<unknown>): Promise<number[]> {
  const taken: number[] = [];
  for (let round = 0; round < rounds; round += 1) taken.push(await time(() => work(round)));
  return taken;
}

async function begun(rig: Rig, version: string, count: number): Promise<WorkflowResponse[]> {
  const responses: WorkflowResponse[] = [];
  for (let index = 0; index < count; index += 1) responses.push(await rig.start(version));
  return responses;
}

/** Time of one step of runs with 100 of them. */
async function perStep(rig: Rig, make: Make, rounds: number): Promise<number> {
  const version = await rig.keep(workflowOf(many(make, 100)));
  return median(await times(rounds, () => rig.start(version))) / 100;
}

/**
 * Time of one of 25 equal steps between two questions, after histories of different length. The runs take turns, so
 * that what the machine does besides falls on all of them alike.
 */
async function afterHistories(rig: Rig, make: Make, histories: number[], rounds: number): Promise<number[]> {
  const versions: string[] = [];
  for (const history of histories) {
    const modules = [...many(computeStep, history), question('first'), ...many(make, 25, 'then'), question('last')];
    versions.push(await rig.keep(workflowOf(modules)));
  }
  const taken = histories.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, version] of versions.entries()) {
      const waiting = await rig.start(version);
      taken[index]?.push(await time(() => rig.respond(waiting, { value: 'yes' })));
    }
  }
  return taken.map((list) => median(list) / 25);
}
