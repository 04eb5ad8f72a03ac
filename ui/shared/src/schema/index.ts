/** Draws what the engine's `display` door compiles: views, choices, forms (format.md 18, 19). */
export { DataView, type DataViewProps, TreeView } from './data-view.tsx';
export type { Selection } from './choices/selection.ts';
export { SchemaForm, type SchemaFormProps } from './forms/schema-form.tsx';
export type { FieldError } from './forms/form-store.ts';
export { labelOf } from './forms/field.tsx';
export { checkAnswer, checkQuestion, type Verdict } from './validator/check-answer.ts';
