export { type Draw, drawFor } from './draw.ts';
export type { SchemaFault } from './evaluation.ts';
export { compileSafeRegex, type RegexHit, type SafeRegex } from './safe-regex.ts';
export type { TextHint } from './sample-text.ts';
export { type SampleOptions, sampleValue } from './sample-value.ts';
export { checkSchema, type ValidateOptions, validateAgainst } from './validate-schema.ts';
