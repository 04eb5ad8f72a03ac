import { Dialog, Tabs } from '@wfm/shared/components';
import type { WorkflowResponse } from '@wfm/workflow-engine/models';
import { Braces, Folder, ListChecks, PhoneCall } from 'lucide-react';
import { CrashBoundary } from '@wfm/shared/app';
import { useTranslations } from 'use-intl';
import type { GoBackTarget } from '../go-back/go-back-dialog.tsx';
import type { Outline } from '../model/definition.ts';
import { CallsPanel } from './calls-panel.tsx';
import { FilesPanel } from './files-panel.tsx';
import { ProgressPanel } from './progress-panel.tsx';
import { StatePanel } from './state-panel.tsx';

export const panels = ['progress', 'state', 'files', 'calls'] as const;
export type Panel = (typeof panels)[number];

const icons = { progress: ListChecks, state: Braces, files: Folder, calls: PhoneCall };

interface PanelsProps {
  shown: Panel;
  onShow: (panel: Panel) => void;
  status: WorkflowResponse;
  outline: Outline | undefined;
  onGoBack: (target: GoBackTarget) => void;
}

/** What stands beside the timeline: progress, state, files, calls (ux.md 2.3). */
export function RunPanels({ shown, onShow, ...rest }: PanelsProps) {
  const words = useTranslations('run.panels');
  return (
    <Tabs
      label={words('label')}
      value={shown}
      onChange={onShow}
      tabs={panels.map((id) => {
        const Icon = icons[id];
        return { id, label: words(id), icon: <Icon aria-hidden className="size-4" /> };
      })}
    >
      <CrashBoundary key={shown}>
        {shown === 'progress' ? <ProgressPanel {...rest} /> : null}
        {shown === 'state' ? <StatePanel /> : null}
        {shown === 'files' ? <FilesPanel /> : null}
        {shown === 'calls' ? <CallsPanel /> : null}
      </CrashBoundary>
    </Tabs>
  );
}

/** The same where there is no room beside it. */
export function PanelDrawer({ onClose, ...rest }: PanelsProps & { onClose: () => void }) {
  const words = useTranslations('run.panels');
  return (
    <Dialog open look="drawer" onClose={onClose} title={words(rest.shown)}>
      <div className="-mx-4 -my-4 h-[calc(100%+2rem)] sm:-mx-6">
        <RunPanels {...rest} />
      </div>
    </Dialog>
  );
}

/** Opens the drawer, one button a panel. */
export function PanelButtons({ onShow }: { onShow: (panel: Panel) => void }) {
  const words = useTranslations('run.panels');
  return (
    <div role="group" aria-label={words('label')} className="flex gap-1 overflow-x-auto lg:hidden">
      {panels.map((id) => {
        const Icon = icons[id];
        return (
          <button
            key={id}
            type="button"
            onClick={() => onShow(id)}
            className="inline-flex min-h-11 flex-1 shrink-0 items-center justify-center gap-1 rounded-md border border-line bg-surface px-2 text-xs font-medium whitespace-nowrap text-ink-soft shadow-1 hover:text-ink sm:gap-1.5 sm:text-sm"
          >
            <Icon aria-hidden className="size-4" />
            {words(id)}
          </button>
        );
      })}
    </div>
  );
}
