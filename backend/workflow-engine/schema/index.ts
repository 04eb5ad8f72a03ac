export type { SchemaFault } from './evaluation.ts';
export { compileSafeRegex, type RegexHit, type SafeRegex } from './safe-regex.ts';
export { checkSchema, type ValidateOptions, validateAgainst } from './validate-schema.ts';
