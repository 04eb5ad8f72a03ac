/**
 * What a run is, said a second time and as simply as it goes (security.md R10): no log, no store, no leases. Two
 * implementations of the same rules agree, or one of them is wrong.
 */

/** A module of the workflow below: it asks, or it adds a word of the state to the trail. */
interface ModelModule {
  readonly step: string;
  readonly name: string;
  readonly kind: 'ask' | 'add';
  /** The key of state that an answer fills, or that is added to the trail. */
  readonly key: string;
}

export const modules: readonly ModelModule[] = [
  { step: 'a', name: 'topic', kind: 'ask', key: 'topic' },
  { step: 'a', name: 'begin', kind: 'add', key: 'topic' },
  { step: 'b', name: 'tone', kind: 'ask', key: 'tone' },
  { step: 'b', name: 'go_on', kind: 'add', key: 'tone' },
  { step: 'b', name: 'end', kind: 'ask', key: 'end' },
];

/** The same modules as a definition. What is added depends on what was there, so that a lost or doubled step shows. */
export const workflow = {
  format: 2,
  workflow_id: 'model',
  initial_state: { trail: '' },
  steps: ['a', 'b'].map((step) => ({
    step_id: step,
    modules: modules
      .filter((module) => module.step === step)
      .map(({ name, kind, key }) =>
        kind === 'ask'
          ? { module_id: 'user.text_input', name, inputs: { prompt: name }, outputs_to_state: { value: key } }
          : {
              module_id: 'transform.extract',
              name,
              inputs: { trail: `<{{ state.trail }}{{ state.${key} }}>` },
              outputs_to_state: { trail: 'trail' },
            },
      ),
  })),
};

export type Flat = Readonly<Record<string, unknown>>;
export type ModelStatus = 'waiting' | 'completed' | 'cancelled';

export interface ModelBranch {
  status: ModelStatus;
  /** The module that asks; past the last one in a line that is completed. */
  at: number;
  flat: Flat;
  /** The flat state when a module began on this line, by the module's place; an entry means that it did. */
  readonly begun: Map<number, Flat>;
}

/** What a command gives: done, or the code of what is wrong with it. */
export type Verdict = 'done' | 'run_ended' | 'target_not_executed' | 'nothing_asked';

export class RunModel {
  readonly branches: ModelBranch[] = [];
  current = 0;

  constructor() {
    this.execute({ status: 'waiting', at: 0, flat: { trail: '' }, begun: new Map() });
  }

  get branch(): ModelBranch {
    const branch = this.branches[this.current];
    if (!branch) throw new Error('a run has a branch');
    return branch;
  }

  answer(value: string): Verdict {
    const { branch } = this;
    const asked = modules[branch.at];
    if (branch.status !== 'waiting' || !asked) return 'nothing_asked';
    branch.flat = { ...branch.flat, [asked.key]: value };
    branch.at += 1;
    this.goOn(branch);
    return 'done';
  }

  /** Retry keeps the flat state, jump cuts it back (format.md 9.5, 9.6); both leave the line as it is. */
  depart(mode: 'retry' | 'jump', target: number): Verdict {
    const { branch } = this;
    if (branch.status === 'cancelled') return 'run_ended';
    const then = branch.begun.get(target);
    if (!then) return 'target_not_executed';
    const begun = new Map([...branch.begun].filter(([place]) => place < target));
    this.execute({ status: 'waiting', at: target, flat: mode === 'retry' ? branch.flat : then, begun });
    return 'done';
  }

  switchTo(branch: number): Verdict {
    this.current = branch % this.branches.length;
    return 'done';
  }

  cancel(): Verdict {
    const { branch } = this;
    if (branch.status !== 'waiting') return 'run_ended';
    branch.status = 'cancelled';
    return 'done';
  }

  private execute(branch: ModelBranch): void {
    this.branches.push(branch);
    this.current = this.branches.length - 1;
    this.goOn(branch);
  }

  private goOn(branch: ModelBranch): void {
    for (let next = modules[branch.at]; next; next = modules[branch.at]) {
      branch.begun.set(branch.at, branch.flat);
      if (next.kind === 'ask') return;
      const trail = `<${String(branch.flat['trail'])}${String(branch.flat[next.key])}>`;
      // Outputs are found below their module's name too (format.md 7).
      branch.flat = { ...branch.flat, trail, [next.name]: { trail } };
      branch.at += 1;
    }
    branch.status = 'completed';
  }
}
