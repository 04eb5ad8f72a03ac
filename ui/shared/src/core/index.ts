/** What both apps need and React does not. */
export {
  callPreview,
  callProduction,
  dataOf,
  type PreviewClient,
  previewApi,
  type ProductionClient,
  productionApi,
} from './api.ts';
export { copyText } from './copy-text.ts';
export { API_URL, type Config, loadConfig, VIRTUAL_API_URL } from './config.ts';
export { newId } from './ids.ts';
export {
  applyLanguage,
  keepLanguage,
  type Language,
  languages,
  loadMessages,
  localeOf,
  pseudoOf,
  storedLanguage,
} from './language.ts';
export { readFrames, type StreamFrame } from './frames.ts';
export { en, type Messages } from './messages/en.ts';
export type { Words } from './messages/words.ts';
export { ApiError, errorOf, isApiError, offlineError, type Problem } from './problem.ts';
export { isPassing, request, type RequestOptions, whenSessionEnds } from './request.ts';
export { isInField, isInWindow, isShortcut, keepSingleKeys, type KeyPress, singleKeysWanted } from './shortcut.ts';
export { type Connection, followStream, type StreamOptions } from './stream.ts';
export { applyTheme, keepTheme, storedTheme, type Theme } from './theme.ts';
