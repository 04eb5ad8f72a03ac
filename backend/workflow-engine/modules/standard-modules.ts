import { apiLlm } from './api/llm.ts';
import type { Module } from './module.ts';
import { transformConcatArrays } from './transform/concat-arrays.ts';
import { transformConditionalText } from './transform/conditional-text.ts';
import { transformExtract } from './transform/extract.ts';
import { userFileInput } from './user/file-input.ts';
import { userForm } from './user/form.ts';
import { userPause } from './user/pause.ts';
import { userSelect } from './user/select.ts';
import { userTextInput } from './user/text-input.ts';

/** Every module that the product brings along. Adding one is adding its file and a line here. */
export const standardModules: readonly Module[] = [
  apiLlm,
  transformConcatArrays,
  transformConditionalText,
  transformExtract,
  userFileInput,
  userForm,
  userPause,
  userSelect,
  userTextInput,
];
