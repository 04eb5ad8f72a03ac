/** From schema, hints and data to what a person sees and fills in. Runs in a browser. */
export { type ImportChange, type ImportedSchema, importHints } from './import-hints.ts';
export { compileView, type CompiledView, type ViewRequest } from './view-tree.ts';
export { blockCount } from './block-count.ts';
export { selectableItems } from './selectable-items.ts';
export * from './view-model.ts';
export {
  changeField,
  fieldOptions,
  formAnswer,
  type FormSource,
  type FormState,
  inputSource,
  startForm,
  visibleFields,
} from './form.ts';
export type { FieldOption } from './form-options.ts';
export { disabledFields, type FormField, formFields, hiddenFields, readDotted } from './form-fields.ts';
export { type FieldMode, fieldModes, modeValue, modeValues } from './form-modes.ts';
export { inferInputKind } from './infer-kind.ts';
export { wordsOf } from './schema-node.ts';
export { printMarkdown } from './print-markdown.ts';
export { printText } from './print-text.ts';
export { type ValidationVerdict, validateAnswer } from '../execution/validation.ts';
export { answerFailures } from '../modules/user/support/answer-failures.ts';
export { typeFailure } from '../modules/user/support/answer-file.ts';
