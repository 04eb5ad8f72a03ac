import { CrashBoundary } from '@wfm/shared/app';
import { Tabs } from '@wfm/shared/components';
import { lazy, Suspense } from 'react';
import { useTranslations } from 'use-intl';
import { OutlinePanel } from '../outline/outline-panel.tsx';
import { PublishButton } from '../publish/publish-button.tsx';
import { SourcePanel } from '../source/source-panel.tsx';
import { useDesk, useOutline, useSaving, useWorkbench } from '../workbench/workbench.ts';

// Seldom all open at once, and each with libraries of its own: loaded when shown.
const PreviewPanel = lazy(async () => ({ default: (await import('../preview/preview-panel.tsx')).PreviewPanel }));
const ProblemsPanel = lazy(async () => ({ default: (await import('../problems/problems-panel.tsx')).ProblemsPanel }));
const LogPanel = lazy(async () => ({ default: (await import('../preview/log-panel.tsx')).LogPanel }));
const StatePanel = lazy(async () => ({ default: (await import('../state/state-panel.tsx')).StatePanel }));
const EngineBanner = lazy(async () => ({ default: (await import('../preview/engine-banner.tsx')).EngineBanner }));

/** The editor's frame (ux.md 2.2). */
export function EditorFrame() {
  const words = useTranslations('editor');
  const titles = useTranslations();
  const { value } = useOutline();
  const { state } = useSaving();
  const { desk, templateId } = useWorkbench();
  const left = useDesk((panels) => panels.left);
  const bottom = useDesk((panels) => panels.bottom);
  return (
    <div className="grid h-dvh grid-cols-[minmax(0,1fr)] grid-rows-[auto_minmax(0,1fr)] lg:grid-rows-[auto_minmax(0,1fr)_26rem]">
      <header className="flex min-h-14 items-center gap-3 border-b border-line bg-surface px-4">
        <h1 className="font-semibold" data-content dir="auto">
          <a href={`/app/w/${templateId}`} className="hover:underline">
            {typeof value['name'] === 'string' ? value['name'] : words('unnamed')}
          </a>
        </h1>
        <span role="status" className="text-sm whitespace-nowrap text-ink-soft">
          {words(`saving.${state}`)}
        </span>
        <Suspense>
          <EngineBanner />
        </Suspense>
        <span className="ms-auto">
          <PublishButton />
        </span>
      </header>
      <div className="hidden min-h-0 grid-cols-[24rem_minmax(0,1fr)] lg:grid">
        <Tabs
          label={titles('outline.title')}
          value={left === 'state' ? 'state' : 'outline'}
          onChange={(id) => desk.show({ left: id })}
          tabs={[
            { id: 'outline', label: titles('outline.title') },
            { id: 'state', label: titles('preview.state.title') },
          ]}
        >
          <CrashBoundary>
            {left === 'state' ? (
              <Suspense>
                <StatePanel />
              </Suspense>
            ) : (
              <OutlinePanel />
            )}
          </CrashBoundary>
        </Tabs>
        <CrashBoundary>
          <SourcePanel />
        </CrashBoundary>
      </div>
      <Tabs
        label={titles('preview.title')}
        value={bottom}
        onChange={(id) => desk.show({ bottom: id })}
        tabs={[
          { id: 'preview', label: titles('preview.title') },
          { id: 'problems', label: titles('preview.problems.title') },
          { id: 'log', label: titles('preview.log.title') },
        ]}
      >
        <Suspense>
          <CrashBoundary>
            {bottom === 'preview' ? <PreviewPanel /> : bottom === 'problems' ? <ProblemsPanel /> : <LogPanel />}
          </CrashBoundary>
        </Suspense>
      </Tabs>
    </div>
  );
}
