import { type Address, type EditorDocument, objectOf } from './document.ts';
import { follow } from './follow.ts';

/** A module in the order of execution. */
export interface OutlineModule {
  /** `step_id/module_name`: as events, previews and problems call it. */
  readonly key: string;
  readonly name: string;
  /** False where the author gave no name, and the module's id stands in for it (format.md 2.3). */
  readonly named: boolean;
  readonly moduleId: string;
  readonly index: number;
  /** Where the module itself stands, behind references. */
  readonly address: Address;
  /** Its place in the list of its step, where there may be a reference to it. */
  readonly slot: Address;
  readonly value: Readonly<Record<string, unknown>>;
}

export interface OutlineStep {
  readonly stepId: string;
  /** Its name with the number filled in (format.md 2.2). */
  readonly name: string;
  readonly index: number;
  readonly address: Address;
  readonly slot: Address;
  /** The list of its modules. */
  readonly list: Address;
  readonly value: Readonly<Record<string, unknown>>;
  readonly modules: readonly OutlineModule[];
}

/** A workflow as its editor shows it, whatever files it lies in. */
export interface Outline {
  readonly address: Address;
  readonly value: Readonly<Record<string, unknown>>;
  /** The list of steps. */
  readonly list: Address;
  readonly steps: readonly OutlineStep[];
}

const known = new WeakMap<EditorDocument, Outline>();

/** The steps and modules of a document. Tolerant: whatever has the wrong shape is shown as far as it can be. */
export function outlineOf(document: EditorDocument): Outline {
  const made = known.get(document) ?? readOutline(document);
  known.set(document, made);
  return made;
}

function readOutline(document: EditorDocument): Outline {
  const { address, value } = follow(document, { file: document.entryPoint, path: [] });
  const list = follow(document, below(address, 'steps'));
  const slots = slotsOf(list);
  return {
    address,
    value: objectOf(value),
    list: list.address,
    steps: slots.map((slot, index) => readStep(document, slot, index)),
  };
}

function readStep(document: EditorDocument, slot: Address, index: number): OutlineStep {
  const { address, value: found } = follow(document, slot);
  const value = objectOf(found);
  const stepId = textOr(value['step_id'], '');
  const list = follow(document, below(address, 'modules'));
  return {
    stepId,
    name: textOr(value['name'], stepId).replaceAll('{step_number}', String(index + 1)),
    index,
    address,
    slot,
    list: list.address,
    value,
    modules: readModules(document, slotsOf(list), stepId),
  };
}

function readModules(document: EditorDocument, slots: readonly Address[], stepId: string): OutlineModule[] {
  const found = slots.map((slot) => ({ slot, ...follow(document, slot) }));
  const taken = new Set(found.map(({ value }) => objectOf(value)['name']));
  return found.map(({ slot, address, value: raw }, index) => {
    const value = objectOf(raw);
    const moduleId = textOr(value['module_id'], '');
    const given = value['name'];
    const named = typeof given === 'string';
    const name = named ? given : taken.has(moduleId) ? `${moduleId}_${index}` : moduleId;
    taken.add(name);
    return { key: `${stepId}/${name}`, name, named, moduleId, index, address, slot, value };
  });
}

/** All modules in the order of execution. */
export function modulesOf({ steps }: Outline): readonly OutlineModule[] {
  return steps.flatMap(({ modules }) => modules);
}

export function findModule(outline: Outline, key: string): OutlineModule | undefined {
  return modulesOf(outline).find((module) => module.key === key);
}

export function findStep(outline: Outline, stepId: string): OutlineStep | undefined {
  return outline.steps.find((step) => step.stepId === stepId);
}

/** The step that a module stands in. */
export function stepOf(outline: Outline, key: string): OutlineStep | undefined {
  return outline.steps.find(({ modules }) => modules.some((module) => module.key === key));
}

/** An address further down. */
export function below({ file, path }: Address, ...keys: (string | number)[]): Address {
  return { file, path: [...path, ...keys] };
}

function slotsOf({ value, address }: { value: unknown; address: Address }): Address[] {
  return Array.isArray(value) ? value.map((_, index) => below(address, index)) : [];
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}
