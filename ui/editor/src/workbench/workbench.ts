import type { Person } from '@wfm/shared/app';
import { createContext, useContext, useSyncExternalStore } from 'react';
import { useStore } from 'zustand';
import type { Checked, Checker } from '../checks/checker.ts';
import type { EditorDocument } from '../document/document.ts';
import type { Selection } from '../document/history.ts';
import { type Outline, outlineOf } from '../document/outline.ts';
import type { DraftKeeper, SaveState } from '../drafts/draft-keeper.ts';
import type { StoredDraft } from '../drafts/draft-server.ts';
import type { PreviewSession, PreviewState } from '../runtime/preview-session.ts';
import type { EditorState, EditorStore } from '../store/editor-store.ts';
import type { Desk, DeskState } from './desk.ts';
import type { Observable } from './observable.ts';

/** How safe the newest edit is, and what is in its way. */
export interface Saving {
  readonly state: SaveState;
  /** The other side of a conflict. */
  readonly theirs?: StoredDraft;
  readonly error?: unknown;
}

/** The newest result of the checks, which may be of a document a moment older than the one on the screen. */
export interface CheckState {
  readonly of: EditorDocument;
  readonly checked: Checked;
}

/** Everything that one open editor works with. Panels take what they need by the hooks below. */
export interface Workbench {
  readonly templateId: string;
  readonly person: Person;
  readonly store: EditorStore;
  readonly keeper: DraftKeeper;
  readonly saving: Observable<Saving>;
  readonly checker: Checker;
  readonly checks: Observable<CheckState | null>;
  /** Checks at once what is written now. */
  readonly check: () => void;
  readonly preview: PreviewSession;
  readonly desk: Desk;
  /** What the draft began from. */
  readonly baseVersionId: string | null;
}

const WorkbenchContext = createContext<Workbench | null>(null);
export const WorkbenchProvider = WorkbenchContext.Provider;

export function useWorkbench(): Workbench {
  const workbench = useContext(WorkbenchContext);
  if (!workbench) throw new Error('useWorkbench needs a WorkbenchProvider around it');
  return workbench;
}

/** A part of what is edited; the component renders again only when that part is another. */
export function useEditor<T>(select: (state: EditorState) => T): T {
  return useStore(useWorkbench().store, select);
}

export function useDocument(): EditorDocument {
  return useEditor(({ history }) => history.present.document);
}

export function useSelection(): Selection {
  return useEditor(({ history }) => history.present.selection);
}

export function useOutline(): Outline {
  return outlineOf(useDocument());
}

/** A part of how the panels are arranged. */
export function useDesk<T>(select: (state: DeskState) => T): T {
  return useStore(useWorkbench().desk, select);
}

export function useSaving(): Saving {
  return useObservable(useWorkbench().saving);
}

/** A part of the newest checks; the component renders again only when that part is another. */
export function useChecks(): CheckState | null;
export function useChecks<T>(select: (checks: CheckState | null) => T): T;
export function useChecks(select: (checks: CheckState | null) => unknown = whole): unknown {
  const { checks } = useWorkbench();
  return useSyncExternalStore(checks.subscribe, () => select(checks.get()));
}

/** A part of how the preview stands; the component renders again only when that part is another. */
export function usePreview(): PreviewState;
export function usePreview<T>(select: (state: PreviewState) => T): T;
export function usePreview(select: (state: PreviewState) => unknown = whole): unknown {
  const { preview } = useWorkbench();
  return useSyncExternalStore(preview.subscribe, () => select(preview.getState()));
}

const whole = (state: unknown): unknown => state;

function useObservable<T>(observable: Observable<T>): T {
  return useSyncExternalStore(observable.subscribe, observable.get);
}
