/** Answers for previews. Production cannot load this door; the engine takes them as the port `answerer`. */
export { createMockAnswerer } from './mock-answerer.ts';
export {
  type MockContent,
  type MockGeneration,
  type MockMedia,
  type MockMediaQuery,
  mockMediaBytes,
  mockMediaLimits,
  mockMediaQuery,
  renderMockMedia,
} from './media/mock-media.ts';
export { createMockWorker, portableMediaHost } from './media/mock-worker.ts';
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
export { canonicalEvents } from './portable/canonical-events.ts';
export { type AnswerSource, converse } from './portable/converse.ts';
export {
  type PlayEngine,
  type Played,
  playPreview,
  type PreviewAnswers,
  type PreviewScript,
  sampleAnswers,
} from './portable/play.ts';
export { placeOf } from './portable/given-commands.ts';
export {
  modelsOf,
  namedModels,
  type Ports,
  type RecordedCall,
  recordingPorts,
  replayingPorts,
} from './portable/recorded-ports.ts';
export { redact, secretsOf } from './portable/redact.ts';
export { lastOutputs, type Replayed, replaySaved } from './portable/replay-saved.ts';
export {
  type GivenAnswer,
  type GivenCommand,
  type RecordedOutcome,
  type SavedPreview,
  savedPreviewSchema,
} from './portable/saved-preview.ts';
export { type EndedModule, type RunScript, scriptOfRun } from './portable/script-of-run.ts';
export { standingClock } from './portable/standing-clock.ts';
