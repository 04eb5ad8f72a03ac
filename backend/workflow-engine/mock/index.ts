/** Answers for previews. Production cannot load this door; the engine takes them as the port `answerer`. */
export { createMockAnswerer } from './mock-answerer.ts';
