export { answerFor, type Choice, type GeneratedWorkflow, generatedWorkflow } from './generated-workflow.ts';
export { makeZip, type ZipPart } from '../definition/testing/make-zip.ts';
export { runs } from './runs.ts';
export { createTestClock, type TestClock } from './test-clock.ts';
export { createRig, type EngineRig, type RigOptions, type StartOptions } from './engine-rig.ts';
export { rateLimited, type Script, type ScriptedLlm, scriptedLlm } from './scripted-llm.ts';
export { databaseContract } from './database.testsuite.ts';
export { expectCode } from './expect-code.ts';
export {
  sampleAppend,
  sampleCreated,
  sampleEvent,
  sampleEvents,
  sampleFork,
  sampleRun,
  startSample,
} from './run-samples.ts';
export { type StoreSetup, useDatabase } from './store-setup.ts';
