import { type Address, type EditorDocument, objectOf, partAt, withPartAt } from './document.ts';
import { withInsertedAt } from './json-path.ts';
import { below, findModule, findStep, modulesOf, type Outline, outlineOf, stepOf } from './outline.ts';
import { moveReferences, renameStateKey } from './references.ts';

type Json = Readonly<Record<string, unknown>>;

/** Where something is put: into a step, or into the workflow; before the member at `index`. */
export interface Spot {
  /** The step, by its id; null for a step of the workflow itself. */
  readonly stepId: string | null;
  readonly index: number;
}

/** Puts modules into a step; their names are made unique there. */
export function insertModules(document: EditorDocument, spot: Spot, modules: readonly Json[]): EditorDocument {
  const step = spot.stepId === null ? undefined : findStep(outlineOf(document), spot.stepId);
  if (!step) return document;
  const names = freeNames(modules.map(nameOf), new Set(step.modules.map(({ name }) => name)));
  const named = modules.map((module, index) => {
    const name = names[index];
    return name === nameOf(module) && !('name' in module) ? module : { ...module, name };
  });
  return insertAt(document, step.list, spot.index, named);
}

/** Puts steps into the workflow; their ids are made unique. */
export function insertSteps(document: EditorDocument, index: number, steps: readonly Json[]): EditorDocument {
  const outline = outlineOf(document);
  const ids = freeNames(steps.map(idOf), new Set(outline.steps.map(({ stepId }) => stepId)));
  const named = steps.map((step, at) => ({ ...step, step_id: ids[at] }));
  return insertAt(document, outline.list, index, named);
}

function insertAt(document: EditorDocument, list: Address, index: number, items: readonly unknown[]): EditorDocument {
  return withPartAt(document, list, withInsertedAt(partAt(document, list), [], index, items));
}

/** Takes out a step (by its id) or a module (by its key). A file that it stood in stays, unused: nothing is lost. */
export function removeNode(document: EditorDocument, key: string): EditorDocument {
  const slot = slotOf(outlineOf(document), key);
  return slot ? withPartAt(document, slot, undefined) : document;
}

/** Moves a module before the member at `index` of a step, as its modules are before the move. */
export function moveModule(document: EditorDocument, key: string, to: Spot): EditorDocument {
  const outline = outlineOf(document);
  const module = findModule(outline, key);
  const from = stepOf(outline, key);
  const target = to.stepId === null ? undefined : findStep(outline, to.stepId);
  if (!module || !from || !target) return document;
  if (from === target) return reorder(document, from.list, module.index, to.index);
  const written = partAt(document, module.slot);
  const removed = withPartAt(document, module.slot, undefined);
  const moved = moveReferences(written, module.slot.file, target.list.file);
  const taken = target.modules.some(({ name }) => name === module.name);
  if (!taken) return insertAt(removed, target.list, to.index, [moved]);
  // A reference has no name of its own to change: the module is written out where its name has to be another.
  const inline = moveReferences(module.value, module.address.file, target.list.file);
  return insertModules(removed, to, [objectOf(inline)]);
}

/** Moves a step before the one at `index`, as the steps are before the move. */
export function moveStep(document: EditorDocument, stepId: string, index: number): EditorDocument {
  const outline = outlineOf(document);
  const step = findStep(outline, stepId);
  return step ? reorder(document, outline.list, step.index, index) : document;
}

function reorder(document: EditorDocument, list: Address, from: number, before: number): EditorDocument {
  const items = partAt(document, list);
  const to = before > from ? before - 1 : before;
  if (!Array.isArray(items) || to === from || from < 0 || from >= items.length) return document;
  const rest = items.toSpliced(from, 1) as unknown[];
  return withPartAt(document, list, rest.toSpliced(Math.min(to, rest.length), 0, items[from]));
}

/** Gives a module another name; what reads its outputs by the old one follows. A name that is taken changes nothing. */
export function renameModule(document: EditorDocument, key: string, name: string): EditorDocument {
  const outline = outlineOf(document);
  const module = findModule(outline, key);
  const step = stepOf(outline, key);
  if (!module || !step || name === '' || step.modules.some((other) => other.name === name)) return document;
  const renamed = withPartAt(document, below(module.address, 'name'), name);
  const followed = renameTargets(renamed, 'target_module', module.name, name, step.stepId);
  // Two steps may hold modules of one name, and templates mean the last that ran: then nobody can say which is meant.
  const alone = modulesOf(outline).every((other) => other === module || other.name !== module.name);
  return alone ? renameStateKey(followed, module.name, name) : followed;
}

/** Gives a step another id; menus that lead to it follow. */
export function renameStep(document: EditorDocument, stepId: string, next: string): EditorDocument {
  const outline = outlineOf(document);
  const step = findStep(outline, stepId);
  if (!step || next === '' || findStep(outline, next)) return document;
  return renameTargets(withPartAt(document, below(step.address, 'step_id'), next), 'target_step', stepId, next);
}

/** The modules of a document with their options leading to what was renamed; `withinStep`: from inside that step alone. */
function renameTargets(
  document: EditorDocument,
  field: TargetField,
  from: string,
  to: string,
  withinStep?: string,
): EditorDocument {
  let result = document;
  for (const { stepId, modules } of outlineOf(document).steps) {
    for (const { address, value } of modules) {
      const isMeant = (option: Json): boolean =>
        withinStep === undefined || (textOf(option['target_step']) ?? stepId) === withinStep;
      const followed = retargeted(value, field, from, to, isMeant);
      if (followed !== value) result = withPartAt(result, address, followed);
    }
  }
  return result;
}

type TargetField = 'target_step' | 'target_module';

/** A module whose options of `retryable` (format.md 12) lead to `to` where they led to `from` and are meant; else itself. */
export function retargeted(
  module: Json,
  field: TargetField,
  from: string,
  to: string,
  isMeant: (option: Json) => boolean = () => true,
): Json {
  const retryable = objectOf(module['retryable']);
  const options: unknown = retryable['options'];
  if (!Array.isArray(options)) return module;
  const followed = options.map((raw: unknown) => {
    const option = objectOf(raw);
    return option[field] === from && isMeant(option) ? { ...option, [field]: to } : raw;
  });
  const changed = followed.some((option, index) => option !== options[index]);
  return changed ? { ...module, retryable: { ...retryable, options: followed } } : module;
}

/** The place of a step or module in its list. */
function slotOf(outline: Outline, key: string): Address | undefined {
  return findModule(outline, key)?.slot ?? findStep(outline, key)?.slot;
}

/**
 * A name for each wish: the wish itself where it is free, else one that neither is there nor is wished for, so that
 * renaming one after the other never runs two into each other.
 */
export function freeNames(wishes: readonly string[], there: ReadonlySet<string>): string[] {
  const taken = new Set(there);
  const known = new Set([...there, ...wishes]);
  return wishes.map((wish) => {
    const name = taken.has(wish) ? unique(wish, known) : wish;
    taken.add(name);
    known.add(name);
    return name;
  });
}

/** The wish, or the wish with the first free number behind it. */
export function unique(wish: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wish)) return wish;
  const stem = wish.replace(/_\d+$/, '');
  let number = 2;
  while (taken.has(`${stem}_${number}`)) number += 1;
  return `${stem}_${number}`;
}

/** What a module is called (format.md 2.3), before it stands in a step. */
export function nameOf(module: Json): string {
  return textOf(module['name']) ?? textOf(module['module_id']) ?? 'module';
}

/** A step's id, or a word for it where it has none. */
export function idOf(step: Json): string {
  return textOf(step['step_id']) ?? 'step';
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
