import { median, time } from './measure.ts';
import { openRig, type Rig } from './rig.ts';
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
  await warmUp(rig);
  for (const modules of [20, 100, 200]) {
    const version = (word: string) => versionOf(rig, modules, word);
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

/** So many models, of which the last but one is asked something of its own. */
function versionOf(rig: Rig, modules: number, word: string): Promise<string> {
  const list = many(modelStep, modules);
  Object.assign(list[modules - 2]?.inputs ?? {}, { input: `say ${word}, {{ state.seed }}` });
  return rig.keep(workflowOf(list));
}

/** The first runs of a process measure the compiler. */
async function warmUp(rig: Rig): Promise<void> {
  for (let round = 0; round < 20; round += 1) {
    const run = await rig.start(await versionOf(rig, 100, 'ok'), 'mock');
    await rig.edit(run.workflow_run_id ?? '', await versionOf(rig, 100, `warm ${round}`));
  }
}
