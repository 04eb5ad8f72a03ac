export { type LineComparison, lineComparisonSchema } from './comparison.ts';
export { type Diagnostic, diagnosticSchema } from './diagnostic.ts';
export * from './execution.ts';
export * from './interaction.ts';
export { isJsonObject, type Json, type JsonObject, jsonObjectSchema } from './json.ts';
export { limits } from './limits.ts';
export { type RecordedAnswers, recordedAnswersSchema } from './recorded-answers.ts';
export * from './virtual.ts';
export * from './workflow.ts';
