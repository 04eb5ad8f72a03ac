import { createStore, type StoreApi } from 'zustand/vanilla';
import type { SourceBuffer } from '../drafts/draft-server.ts';
import type { EditorDocument } from '../document/document.ts';
import {
  type Command,
  doCommand,
  endGroup,
  type History,
  redo,
  type Selection,
  select,
  startHistory,
  undo,
} from '../document/history.ts';

/** All that is edited. What is derived from it (outline, problems, preview) is not kept here. */
export interface EditorState {
  readonly history: History;
  readonly sourceBuffer: SourceBuffer | null;
  /** Raised by undo and redo: the focus goes to where the command was made. */
  readonly focusRequest: number;
}

/** What a person can do to a document, and nothing else changes it. */
export interface EditorActs {
  run(command: Command): void;
  undo(): void;
  redo(): void;
  select(selection: Selection): void;
  /** A word ends, or a field is left: what comes next is undone on its own. */
  endGroup(): void;
  setSourceBuffer(buffer: SourceBuffer | null): void;
  /** Another document in place of this one: another side of a conflict, a restored version. It can be undone. */
  replace(document: EditorDocument, name: string): void;
}

export type EditorStore = StoreApi<EditorState> & { readonly acts: EditorActs };

/** The one history of an editor. `now` in ms. */
export function createEditorStore(
  first: { document: EditorDocument; sourceBuffer: SourceBuffer | null; selection?: Selection },
  now: () => number = () => performance.now(),
): EditorStore {
  const store = createStore<EditorState>()(() => ({
    history: startHistory(first.document, first.selection),
    sourceBuffer: first.sourceBuffer,
    focusRequest: 0,
  }));
  const change = (next: (history: History) => History): void =>
    store.setState(({ history }) => {
      const changed = next(history);
      return changed === history ? {} : { history: changed };
    });
  const jump = (next: (history: History) => History): void =>
    store.setState(({ history, focusRequest }) => {
      const changed = next(history);
      return changed === history ? {} : { history: changed, focusRequest: focusRequest + 1 };
    });
  const run = (command: Command): void => change((history) => doCommand(history, command, now()));
  const acts: EditorActs = {
    run,
    undo: () => jump(undo),
    redo: () => jump(redo),
    select: (selection) => change((history) => select(history, selection)),
    endGroup: () => change(endGroup),
    setSourceBuffer: (sourceBuffer) => store.setState({ sourceBuffer }),
    replace: (document, name) => run({ name, apply: () => document }),
  };
  return Object.assign(store, { acts });
}
