/** From schema, hints and data to what a person sees and fills in. Runs in a browser. */
export { type ImportChange, type ImportedSchema, importHints } from './import-hints.ts';
export { compileView, type CompiledView, type ViewRequest } from './view-tree.ts';
export { selectableItems } from './selectable-items.ts';
export * from './view-model.ts';
export {
  changeField,
  fieldOptions,
  formAnswer,
  type FormSource,
  type FormState,
  startForm,
  visibleFields,
} from './form.ts';
export type { FieldOption } from './form-options.ts';
export { type FormField, formFields, hiddenFields } from './form-fields.ts';
export { printMarkdown } from './print-markdown.ts';
export { printText } from './print-text.ts';
