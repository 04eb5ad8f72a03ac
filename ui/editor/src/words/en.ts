import type { Words } from '@wfm/shared/core';
import { canvas } from './en/canvas.ts';
import { editor } from './en/editor.ts';
import { findings } from './en/findings.ts';
import { inspector } from './en/inspector.ts';
import { outline } from './en/outline.ts';
import { preview } from './en/preview.ts';
import { publish } from './en/publish.ts';
import { writing } from './en/writing.ts';

/** The editor's own words in English, beside those that both apps have; an area a file, a namespace each. */
export const en = { canvas, editor, findings, inspector, outline, preview, publish, writing };

export type EditorWords = Words<typeof en>;
