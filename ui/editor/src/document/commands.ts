import { copyNodes, type Fragment, paste } from './clipboard.ts';
import {
  type Address,
  type DocumentFile,
  type EditorDocument,
  fileAt,
  readFile,
  textOfFile,
  withFile,
  withPartAt,
} from './document.ts';
import { type Command, type Selection, wholeWorkflow } from './history.ts';
import { findModule, findStep, modulesOf, outlineOf, stepOf } from './outline.ts';
import { followPreviewKeys } from './preview-keys.ts';
import { renameFile } from './references.ts';
import {
  insertModules,
  insertSteps,
  moveModule,
  moveStep,
  removeNode,
  renameModule,
  renameStep,
  type Spot,
} from './structure.ts';

type Json = Readonly<Record<string, unknown>>;

/** Every act that a person can do to a document. Names are keys of the messages `editor.commands`. */

/** Sets a part, or takes it out where `value` is undefined. Typing in one field is one act (ux.md E3). */
export function setPart(address: Address, value: unknown, select: Selection): Command {
  const group = `${address.file}#${JSON.stringify(address.path)}`;
  return { name: 'setPart', group, select, apply: (document) => withPartAt(document, address, value) };
}

/** The text of a prompt, or of a JSON file that parses; one that does not is left to the source buffer. */
export function setText(path: string, text: string, select: Selection): Command {
  return {
    name: 'setText',
    group: `text of ${path}`,
    select,
    apply(document) {
      const before = fileAt(document, path);
      if (before && before.kind !== 'bytes' && textOfFile(before) === text) return document;
      return withFile(document, path, readFile(path, text));
    },
  };
}

export function addModules(spot: Spot, modules: readonly Json[]): Command {
  return adding('addModule', (document) => insertModules(document, spot, modules));
}

export function addStep(index: number, step: Json): Command {
  return adding('addStep', (document) => insertSteps(document, index, [step]));
}

export function pasteFragment(spot: Spot, fragment: Fragment): Command {
  return adding('paste', (document) => paste(document, spot, fragment));
}

/** A second one behind each: of steps where a step is among them. */
export function duplicate(keys: readonly string[]): Command {
  return adding('duplicate', (document) => {
    const outline = outlineOf(document);
    const fragment = copyNodes(document, keys);
    const last = keys.at(-1) ?? '';
    if (!fragment) return document;
    if (fragment.kind === 'steps')
      return paste(document, { stepId: null, index: (findStep(outline, last)?.index ?? 0) + 1 }, fragment);
    const step = stepOf(outline, last);
    const index = (findModule(outline, last)?.index ?? 0) + 1;
    return step ? paste(document, { stepId: step.stepId, index }, fragment) : document;
  });
}

/** Takes steps and modules out; what comes after them is selected. */
export function remove(document: EditorDocument, keys: readonly string[]): Command {
  return {
    name: 'remove',
    select: neighbourOf(document, keys),
    apply: (before) => keys.reduce(removeNode, before),
  };
}

export function moveModuleTo(document: EditorDocument, key: string, to: Spot): Command {
  const name = findModule(outlineOf(document), key)?.name ?? '';
  // It may get another name where its own is taken: then it is what is new there.
  return {
    ...adding('move', (before) => followPreviewKeys(before, moveModule(before, key, to))),
    select: { kind: 'module', key: `${to.stepId ?? ''}/${name}` },
  };
}

export function moveStepTo(stepId: string, index: number): Command {
  return {
    name: 'move',
    select: { kind: 'step', key: stepId },
    apply: (document) => moveStep(document, stepId, index),
  };
}

/** One place up or down; a module at the end of its step goes on to the next one (ux.md 2.5, Alt+Up/Down). */
export function shift(document: EditorDocument, key: string, by: 1 | -1): Command | null {
  const outline = outlineOf(document);
  const step = findStep(outline, key);
  if (step) return moveStepTo(key, by === 1 ? step.index + 2 : step.index - 1);
  const module = findModule(outline, key);
  const home = stepOf(outline, key);
  if (!module || !home) return null;
  const inside = module.index + by;
  if (inside >= 0 && inside < home.modules.length) {
    return moveModuleTo(document, key, { stepId: home.stepId, index: by === 1 ? module.index + 2 : inside });
  }
  const next = outline.steps[home.index + by];
  return next ? moveModuleTo(document, key, { stepId: next.stepId, index: by === 1 ? 0 : next.modules.length }) : null;
}

export function rename(document: EditorDocument, key: string, name: string): Command {
  const outline = outlineOf(document);
  const home = stepOf(outline, key);
  return home
    ? {
        name: 'rename',
        select: { kind: 'module', key: `${home.stepId}/${name}` },
        apply: (before) => followPreviewKeys(before, renameModule(before, key, name)),
      }
    : {
        name: 'rename',
        select: { kind: 'step', key: name },
        apply: (before) => followPreviewKeys(before, renameStep(before, key, name)),
      };
}

export function addFile(path: string, file: DocumentFile): Command {
  return { name: 'addFile', select: { kind: 'file', key: path }, apply: (document) => withFile(document, path, file) };
}

export function removeFile(path: string): Command {
  return { name: 'removeFile', select: wholeWorkflow, apply: (document) => withFile(document, path, undefined) };
}

export function moveFile(from: string, to: string): Command {
  return { name: 'moveFile', select: { kind: 'file', key: to }, apply: (document) => renameFile(document, from, to) };
}

/** Pins, modes and scenarios of the preview (api.md, Draft). */
export function setPreview(preview: unknown): Command {
  return { name: 'setPreview', apply: (document) => ({ ...document, preview }) };
}

/** A command that selects the first of what is new after it. */
function adding(name: string, apply: (document: EditorDocument) => EditorDocument): Command {
  return {
    name,
    apply,
    selectAfter(before, after) {
      const old = outlineOf(before);
      const now = outlineOf(after);
      const step = now.steps.find(({ stepId }) => !findStep(old, stepId));
      if (step) return { kind: 'step', key: step.stepId };
      const module = modulesOf(now).find(({ key }) => !findModule(old, key));
      return module ? { kind: 'module', key: module.key } : undefined;
    },
  };
}

function neighbourOf(document: EditorDocument, keys: readonly string[]): Selection {
  const outline = outlineOf(document);
  const first = keys[0] ?? '';
  const home = stepOf(outline, first);
  const left = home?.modules.filter(({ key }) => !keys.includes(key)) ?? [];
  const index = findModule(outline, first)?.index ?? 0;
  const module = left.find((other) => other.index > index) ?? left.at(-1);
  if (module) return { kind: 'module', key: module.key };
  if (home && !keys.includes(home.stepId)) return { kind: 'step', key: home.stepId };
  const steps = outline.steps.filter(({ stepId }) => !keys.includes(stepId));
  const at = findStep(outline, first)?.index ?? 0;
  const step = steps.find((other) => other.index > at) ?? steps.at(-1);
  return step ? { kind: 'step', key: step.stepId } : wholeWorkflow;
}
