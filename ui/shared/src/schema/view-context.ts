import type { Annotation } from '@wfm/workflow-engine/models';
import type { ViewNode } from '@wfm/workflow-engine/display';
import { createContext, type ReactNode, useContext } from 'react';

/** What every part of a view may ask. */
export interface ViewSurroundings {
  readonly annotations: Readonly<Record<string, readonly Annotation[]>>;
  /** In little room: a panel, a cell of a table. */
  readonly compact: boolean;
  readonly onOpenMedia: ((url: string) => void) | null;
  /** Shows large, or saves, what is to be seen on the card of a choice; false where there is nothing. */
  readonly onMediaKey?: ((choice: string, act: 'open' | 'save') => boolean) | undefined;
  /** Draws a block (format.md 18.4), which only a question about media has. */
  readonly drawBlock?: ((node: ViewNode) => ReactNode) | undefined;
}

export const ViewContext = createContext<ViewSurroundings>({ annotations: {}, compact: false, onOpenMedia: null });

export function useView(): ViewSurroundings {
  return useContext(ViewContext);
}

/** The title of the item around: what its picture is called (ux.md 3.3, promise 5). */
export const TitleContext = createContext<string | undefined>(undefined);

/** How deep the next heading lies: 3 for the outermost. */
export const LevelContext = createContext<3 | 4 | 5 | 6>(3);
