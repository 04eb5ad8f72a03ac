/** For tests and benches: the worker as a value. The program itself is worker.ts. */
export { type MediaActorParts, mediaActor } from './actors/generate.ts';
export { createWorker, type Worker, type WorkerParts } from './loop.ts';
export { defaultTimings, type Timings } from './utils/timings.ts';
