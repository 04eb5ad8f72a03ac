/** Answers for previews. Production cannot load this door; the engine takes them as the port `answerer`. */
export { createMockAnswerer } from './mock-answerer.ts';
export { createPreviewAnswerer } from './preview-answerer.ts';
export {
  checkPreviewSettings,
  type Modes,
  modesSchema,
  type PreviewSettings,
  type Scenario,
  scenarioSchema,
} from './preview-settings.ts';
export { scenarioAnswers } from './scenario-answers.ts';
