export { answerFor, type Choice, type GeneratedWorkflow, generatedWorkflow } from './generated-workflow.ts';
export { applyEdit, type Edit, generatedEdit } from './generated-edit.ts';
export { generatedQuestions } from './generated-questions.ts';
export { editQuestion, generatedQuestionEdit, type QuestionEdit } from './question-edits.ts';
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
export { claimNext, sampleTask, sampleTaskError } from './task-samples.ts';
export { fakeCatalogue, fakeProvider } from './fake-catalogue.ts';
export { mediaFilesContract, type MediaFilesSetup } from './media-files.testsuite.ts';
export { sampleContent, sampleGeneration } from './media-samples.ts';
export { cpuMs } from './cpu-ms.ts';
export { colours } from './colours.ts';
export { framesIn } from './frames-in.ts';
