import type { EditorWords } from './en.ts';
import { canvas } from './ar/canvas.ts';
import { editor } from './ar/editor.ts';
import { findings } from './ar/findings.ts';
import { inspector } from './ar/inspector.ts';
import { outline } from './ar/outline.ts';
import { preview } from './ar/preview.ts';
import { publish } from './ar/publish.ts';
import { writing } from './ar/writing.ts';

/** The editor's own words in Arabic. */
export const ar: EditorWords = { canvas, editor, findings, inspector, outline, preview, publish, writing };
