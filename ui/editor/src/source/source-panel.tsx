import { IconButton } from '@wfm/shared/components';
import { Redo2, Undo2 } from 'lucide-react';
import { type KeyboardEvent, useEffect, useId, useState } from 'react';
import { useTranslations } from 'use-intl';
import { setText } from '../document/commands.ts';
import { fileAt, textOfFile } from '../document/document.ts';
import type { Selection } from '../document/history.ts';
import { findModule, findStep, type Outline } from '../document/outline.ts';
import { useDocument, useEditor, useOutline, useSelection, useWorkbench } from '../workbench/workbench.ts';

/** The text of the package's files (ux.md E7). JSON that does not parse yet is kept beside the workflow, which stays as it was. */
export function SourcePanel() {
  const words = useTranslations('writing');
  const id = useId();
  const { store } = useWorkbench();
  const { acts } = store;
  const document = useDocument();
  const selection = useSelection();
  const buffer = useEditor(({ sourceBuffer }) => sourceBuffer);
  const canUndo = useEditor(({ history }) => history.past.length > 0);
  const canRedo = useEditor(({ history }) => history.future.length > 0);
  const own = fileOf(useOutline(), selection) ?? document.entryPoint;
  const [picked, setPicked] = useState<string | null>(null);
  useEffect(() => setPicked(null), [selection.kind, selection.key]);
  const path = picked !== null && fileAt(document, picked) ? picked : own;
  const file = fileAt(document, path);
  const unparsed = buffer?.path === path ? buffer.text : null;
  const text = unparsed ?? (file && file.kind !== 'bytes' ? textOfFile(file) : '');
  const texts = Object.entries(document.files).flatMap(([name, { kind }]) => (kind === 'bytes' ? [] : [name]));
  const change = (next: string): void => {
    const fault = path.endsWith('.json') ? faultOf(next) : null;
    acts.setSourceBuffer(fault === null ? null : { path, text: next });
    if (fault === null) acts.run(setText(path, next, selection));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing || event.altKey || !(event.ctrlKey || event.metaKey)) return;
    const key = event.key.toLowerCase();
    if (key !== 'z' && key !== 'y') return;
    event.preventDefault();
    if (key === 'y' || event.shiftKey) acts.redo();
    else if (unparsed === null) acts.undo();
    else acts.setSourceBuffer(null);
  };
  return (
    <section aria-label={words('title')} className="flex h-full min-h-0 min-w-0 flex-col border-s border-line">
      <div className="flex items-center gap-2 border-b border-line px-3">
        <label htmlFor={`${id}-file`} className="text-sm font-medium">
          {words('file')}
        </label>
        <select
          id={`${id}-file`}
          value={path}
          onChange={(event) => setPicked(event.target.value)}
          className="min-h-11 min-w-0 flex-1 bg-transparent text-sm"
        >
          {texts.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
        <IconButton
          label={words('undo')}
          icon={<Undo2 aria-hidden className="size-4" />}
          disabled={!canUndo}
          onClick={() => acts.undo()}
        />
        <IconButton
          label={words('redo')}
          icon={<Redo2 aria-hidden className="size-4" />}
          disabled={!canRedo}
          onClick={() => acts.redo()}
        />
      </div>
      <textarea
        aria-label={words('text', { file: path })}
        aria-invalid={unparsed !== null}
        aria-describedby={unparsed === null ? undefined : `${id}-fault`}
        dir={directionOf(path, text)}
        wrap={path.endsWith('.json') ? 'off' : 'soft'}
        data-content
        spellCheck={false}
        value={text}
        onChange={(event) => change(event.target.value)}
        onKeyDown={onKeyDown}
        onBlur={() => acts.endGroup()}
        className="min-h-0 flex-1 resize-none bg-surface p-3 font-mono text-sm leading-relaxed focus-visible:-outline-offset-2"
      />
      {unparsed === null ? null : (
        <p id={`${id}-fault`} role="status" className="border-t border-line bg-bad-soft px-3 py-2 text-sm text-bad">
          {words('unparsed', { ...faultOf(unparsed) })}
        </p>
      )}
    </section>
  );
}

/** The file that the selection stands in. */
function fileOf(outline: Outline, { kind, key }: Selection): string | undefined {
  if (kind === 'file') return key;
  if (kind === 'module') return findModule(outline, key)?.address.file;
  return kind === 'step' ? findStep(outline, key)?.address.file : outline.address.file;
}

const startsRightToLeft = /^\P{L}*[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}]/u;

/**
 * JSON reads from the left; other text as its first letter does. Said, and not left to `dir="auto"`, by which each
 * change of a text of 50 000 lines took a browser seven seconds.
 */
function directionOf(path: string, text: string): 'ltr' | 'rtl' {
  return !path.endsWith('.json') && startsRightToLeft.test(text.slice(0, 1_000)) ? 'rtl' : 'ltr';
}

/** Where text stops being JSON, counted from 1; null where it does not. */
function faultOf(text: string): { line: number; column: number } | null {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    const [, at] = /position (\d+)/.exec(String(error)) ?? [];
    const lines = text.slice(0, at === undefined ? text.length : Number(at)).split('\n');
    return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
  }
}
