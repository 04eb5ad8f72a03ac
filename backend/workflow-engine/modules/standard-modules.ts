import { apiFetch } from './api/fetch.ts';
import { apiLlm } from './api/llm.ts';
import { dbQuery } from './db/query.ts';
import { ioClientWrite } from './io/client-write.ts';
import { ioLoadJson } from './io/load-json.ts';
import { ioRenderTemplate } from './io/render-template.ts';
import { ioSaveJson } from './io/save-json.ts';
import { ioValidate } from './io/validate.ts';
import { ioWeightedKeywords } from './io/weighted-keywords.ts';
import { ioWriteText } from './io/write-text.ts';
import { mediaGenerate } from './media/generate.ts';
import { mediaGenerateV2 } from './media/generate-v2.ts';
import { mediaRender } from './media/render.ts';
import type { Module } from './module.ts';
import { promptBuildGroupedPrompt } from './prompt/build-grouped-prompt.ts';
import { transformBuildDynamicSchema } from './transform/build-dynamic-schema.ts';
import { transformConcatArrays } from './transform/concat-arrays.ts';
import { transformConditionalText } from './transform/conditional-text.ts';
import { transformEnrich } from './transform/enrich.ts';
import { transformExtract } from './transform/extract.ts';
import { transformParsePattern } from './transform/parse-pattern.ts';
import { transformQuery } from './transform/query.ts';
import { transformRenderTemplateArray } from './transform/render-template-array.ts';
import { transformReshape } from './transform/reshape.ts';
import { userFileInput } from './user/file-input.ts';
import { userForm } from './user/form.ts';
import { userPause } from './user/pause.ts';
import { userSelect } from './user/select.ts';
import { userTextInput } from './user/text-input.ts';

/** Every module that the product brings along. Adding one is adding its file and a line here. */
export const standardModules: readonly Module[] = [
  apiFetch,
  apiLlm,
  dbQuery,
  ioClientWrite,
  ioLoadJson,
  ioRenderTemplate,
  ioSaveJson,
  ioValidate,
  ioWeightedKeywords,
  ioWriteText,
  mediaGenerate,
  mediaGenerateV2,
  mediaRender,
  promptBuildGroupedPrompt,
  transformBuildDynamicSchema,
  transformConcatArrays,
  transformConditionalText,
  transformEnrich,
  transformExtract,
  transformParsePattern,
  transformQuery,
  transformRenderTemplateArray,
  transformReshape,
  userFileInput,
  userForm,
  userPause,
  userSelect,
  userTextInput,
];
