/** Two texts compared word by word. */
export { wordChanges, WordDiff } from './word-diff.tsx';
