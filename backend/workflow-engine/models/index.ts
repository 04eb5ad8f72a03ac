export { type Diagnostic, diagnosticSchema } from './diagnostic.ts';
export * from './execution.ts';
export * from './interaction.ts';
export { isJsonObject, type Json, type JsonObject, jsonObjectSchema } from './json.ts';
export { limits } from './limits.ts';
export * from './workflow.ts';
