import { median, time } from './measure.ts';
import { openRig } from './rig.ts';
import type { Figure } from './table.ts';
import { many, modelStep, workflowOf } from './workflows.ts';

/**
 * An edit near the end of a preview with mock data, against running all of it again in the same process: time, and
 * modules executed.
 */
export async function benchPreview(scale: number): Promise<Figure[]> {
  const rig = await openRig('memory', '');
  const rounds = Math.max(5, Math.round(30 * scale));
  const figures: Figure[] = [];
  for (const modules of [20, 100, 200]) {
    const version = (word: string) => {
      const list = many(modelStep, modules);
      Object.assign(list[modules - 2]?.inputs ?? {}, { input: `say ${word}, {{ state.seed }}` });
      return rig.keep(workflowOf(list));
    };
    const base = await version('ok');
    await rig.start(base, 'mock');
    const whole: number[] = [];
    const edited: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const next = await version(`word ${round}`);
      const run = await rig.start(base, 'mock');
      edited.push(await time(() => rig.edit(run.workflow_run_id ?? '', next)));
      whole.push(await time(() => rig.start(next, 'mock')));
    }
    figures.push({ name: `edit to result, ${modules} modules`, value: median(edited), unit: 'ms' });
    figures.push({
      name: `edit against a full re-run, ${modules} modules`,
      value: median(edited) / median(whole),
      unit: 'ratio',
    });
  }
  await rig.close();
  return figures;
}
