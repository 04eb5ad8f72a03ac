import { createContext, useContext } from 'react';
import type { ChoiceStore } from './selection.ts';

export interface ChoiceActs {
  readonly store: ChoiceStore;
  readonly multi: boolean;
  readonly disabled: boolean;
  /** Names the radios of one question. */
  readonly group: string;
  toggle(key: string): void;
  /** Parts were opened or closed: Tab leads to a card that is seen. */
  readonly settle: () => void;
}

export const ChoiceContext = createContext<ChoiceActs | null>(null);

export function useChoices(): ChoiceActs | null {
  return useContext(ChoiceContext);
}
