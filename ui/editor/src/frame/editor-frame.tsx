import { CrashBoundary } from '@wfm/shared/app';
import { lazy, Suspense } from 'react';
import { useTranslations } from 'use-intl';
import { OutlinePanel } from '../outline/outline-panel.tsx';
import { useOutline, useSaving } from '../workbench/workbench.ts';

// Seldom all open at once, and each with libraries of its own: loaded when shown.
const CanvasPanel = lazy(async () => ({ default: (await import('../canvas/canvas-panel.tsx')).CanvasPanel }));
const InspectorPanel = lazy(async () => ({
  default: (await import('../inspector/inspector-panel.tsx')).InspectorPanel,
}));
const PreviewPanel = lazy(async () => ({ default: (await import('../preview/preview-panel.tsx')).PreviewPanel }));

/** The editor's frame (ux.md 2.2). */
export function EditorFrame() {
  const words = useTranslations('editor');
  const { value } = useOutline();
  const { state } = useSaving();
  return (
    <div className="grid h-dvh grid-rows-[auto_minmax(0,1fr)_auto]">
      <header className="flex min-h-14 items-center gap-3 border-b border-line bg-surface px-4">
        <h1 className="font-semibold" data-content dir="auto">
          {typeof value['name'] === 'string' ? value['name'] : ''}
        </h1>
        <span role="status">{words(`saving.${state}`)}</span>
      </header>
      <div className="grid min-h-0 grid-cols-[18rem_minmax(0,1fr)_26rem]">
        <CrashBoundary>
          <OutlinePanel />
        </CrashBoundary>
        <Suspense>
          <CrashBoundary>
            <CanvasPanel />
          </CrashBoundary>
        </Suspense>
        <Suspense>
          <CrashBoundary>
            <InspectorPanel />
          </CrashBoundary>
        </Suspense>
      </div>
      <Suspense>
        <CrashBoundary>
          <PreviewPanel />
        </CrashBoundary>
      </Suspense>
    </div>
  );
}
