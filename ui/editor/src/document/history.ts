import type { EditorDocument } from './document.ts';

/** What is selected: the workflow as a whole, a step, a module, or a file; and the field that has the focus. */
export interface Selection {
  readonly kind: 'workflow' | 'step' | 'module' | 'file';
  /** `step_id`, `step_id/module_name`, or a file's path; empty for the workflow. */
  readonly key: string;
  /** The field within it that was edited: a JSON pointer. */
  readonly field?: string;
}

/** One act of a person on the document. */
export interface Command {
  /** Key of the message that names it: `Undo: move module`. */
  readonly name: string;
  /** Gives the document after it; the document itself where there is nothing to do. */
  apply(document: EditorDocument): EditorDocument;
  /** What is selected after it; what was selected before, by default. */
  readonly select?: Selection;
  /** The same, where it depends on what the command did; before `select`. */
  selectAfter?(before: EditorDocument, after: EditorDocument): Selection | undefined;
  /** Acts of one group that follow each other within a second are undone together: typing in one field. */
  readonly group?: string;
}

/** A document at one time, with what was selected then. */
export interface Moment {
  readonly document: EditorDocument;
  readonly selection: Selection;
}

interface Entry extends Moment {
  /** The command that led away from this moment. */
  readonly name: string;
  /** Where that command was made, for the focus to go there when it is undone. */
  readonly at: Selection;
  readonly group: string | undefined;
  readonly since: number;
}

/** Earlier and later moments around the present one; undo and redo are one assignment each, and so exact. */
export interface History {
  readonly past: readonly Entry[];
  readonly present: Moment;
  readonly future: readonly Entry[];
}

/** A group ends this long after its last act (ux.md E3). */
const groupMs = 1_000;
/** Older moments are let go; they share almost everything with the newer ones, so the number can be large. */
const longestPast = 1_000;

export const wholeWorkflow: Selection = { kind: 'workflow', key: '' };

export function startHistory(document: EditorDocument, selection: Selection = wholeWorkflow): History {
  return { past: [], present: { document, selection }, future: [] };
}

/** Does a command at an instant (ms). One that changes nothing leaves no trace. */
export function doCommand(history: History, command: Command, now: number): History {
  const { past, present } = history;
  const document = command.apply(present.document);
  const chosen = document === present.document ? undefined : command.selectAfter?.(present.document, document);
  const selection = chosen ?? command.select ?? present.selection;
  if (document === present.document) return history;
  const last = past.at(-1);
  const continues =
    last !== undefined &&
    command.group !== undefined &&
    last.group === command.group &&
    now - last.since < groupMs &&
    history.future.length === 0;
  const entry: Entry = continues
    ? { ...last, since: now }
    : { ...present, name: command.name, at: selection, group: command.group, since: now };
  const kept = continues ? past.slice(0, -1) : past.slice(-longestPast + 1);
  return { past: [...kept, entry], present: { document, selection }, future: [] };
}

/** A word ends: what is typed next is undone on its own (ux.md E3). */
export function endGroup(history: History): History {
  const last = history.past.at(-1);
  if (last?.group === undefined) return history;
  return { ...history, past: [...history.past.slice(0, -1), { ...last, group: undefined }] };
}

/** Takes back the newest command, wherever it was made; the selection goes to where that was. */
export function undo(history: History): History {
  const entry = history.past.at(-1);
  if (!entry) return history;
  const { document, selection, ...made } = entry;
  return {
    past: history.past.slice(0, -1),
    present: {
      document,
      selection: made.at.kind === selection.kind && made.at.key === selection.key ? made.at : selection,
    },
    future: [...history.future, { ...history.present, ...made }],
  };
}

/** Does again what was taken back last. */
export function redo(history: History): History {
  const entry = history.future.at(-1);
  if (!entry) return history;
  const { document, selection, name, at, since } = entry;
  return {
    past: [...history.past, { ...history.present, name, at, since, group: undefined }],
    present: { document, selection },
    future: history.future.slice(0, -1),
  };
}

/** Another selection; no act of its own, so undo does not stop at it. */
export function select(history: History, selection: Selection): History {
  const { document, selection: before } = history.present;
  const same = before.kind === selection.kind && before.key === selection.key && before.field === selection.field;
  return same ? history : { ...history, present: { document, selection } };
}
