/** The state of a run as a tree, and lists that the focus walks. */
export { focusWhenMounted } from './focus-when-mounted.ts';
export { searchState, type StateRow, stateRows } from './state-rows.ts';
export { StateTree } from './state-tree.tsx';
