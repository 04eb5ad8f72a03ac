import { createStore, type StoreApi } from 'zustand/vanilla';

/** How the panels of one editor are arranged, and what is previewed: of this tab, and never part of the document. */
export interface DeskState {
  readonly left: 'outline' | 'state' | 'files';
  readonly centre: 'canvas' | 'source';
  readonly bottom: 'preview' | 'problems' | 'log';
  /** A tab of the inspector; one that the selection does not have shows the first. */
  readonly inspector: string;
  readonly folded: Readonly<Record<'left' | 'right' | 'bottom', boolean>>;
  /** `step_id/module_name` up to which the preview goes; null follows the selection. */
  readonly previewTo: string | null;
  /** The key of state whose writers and readers are shown on canvas and outline. */
  readonly stateKey: string | null;
  /** A field that is to have the focus, and a count that rises with every such wish. */
  readonly focus: { readonly field: string; readonly wish: number } | null;
}

export type Desk = StoreApi<DeskState> & {
  /** Opens the tab and unfolds its panel. */
  show(change: Partial<Pick<DeskState, 'left' | 'centre' | 'bottom' | 'inspector'>>): void;
  /** Moves the focus to a field of the selection: a JSON pointer within it. */
  focusField(field: string): void;
};

export function createDesk(): Desk {
  const store = createStore<DeskState>()(() => ({
    left: 'outline',
    centre: 'canvas',
    bottom: 'preview',
    inspector: 'settings',
    folded: { left: false, right: false, bottom: false },
    previewTo: null,
    stateKey: null,
    focus: null,
  }));
  const panelOf = { left: 'left', inspector: 'right', bottom: 'bottom' } as const;
  return Object.assign(store, {
    show(change: Partial<DeskState>) {
      store.setState(({ folded }) => {
        const opened = { ...folded };
        for (const [tab, panel] of Object.entries(panelOf)) if (Object.hasOwn(change, tab)) opened[panel] = false;
        return { ...change, folded: opened };
      });
    },
    focusField(field: string) {
      store.setState(({ focus }) => ({ focus: { field, wish: (focus?.wish ?? 0) + 1 } }));
    },
  });
}
