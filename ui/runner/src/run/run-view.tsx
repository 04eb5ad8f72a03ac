import { useCopy, useInboxTotal, usePageTitle } from '@wfm/shared/app';
import type { Connection } from '@wfm/shared/core';
import { Card, Notice } from '@wfm/shared/components';
import { useCallback, useMemo, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { OtherBranchNotice } from './branches/other-branch-notice.tsx';
import { useSwitching } from './branches/use-switching.ts';
import { CurrentSlot } from './current/current-slot.tsx';
import { HeldNotice, PassedNotice } from './current/held-notice.tsx';
import { NewStepChip } from './current/new-step-chip.tsx';
import { showCard, useCurrent } from './current/use-current.ts';
import type { GoBackTarget } from './go-back/go-back-dialog.tsx';
import { RunHeader } from './header/run-header.tsx';
import { RunMenu } from './header/run-menu.tsx';
import { useOutline } from './model/definition.ts';
import type { HistoryRecord } from './model/run-api.ts';
import { useRunVersion } from './model/template.ts';
import { useLiveRun, useRunModel } from './model/use-run.ts';
import { type Panel, PanelButtons, PanelDrawer, RunPanels } from './panels/run-panels.tsx';
import { addressOf, useRunAddress } from './run-address.ts';
import { type RunDialog, RunDialogs } from './run-dialogs.tsx';
import { answeredBody } from './timeline/answered-body.tsx';
import { Timeline, type TimelineHandle } from './timeline/timeline.tsx';
import { useDeepLink } from './timeline/use-deep-link.ts';
import { useEditing } from './use-editing.ts';
import { useRunKeys } from './use-run-keys.ts';
import { useWide } from './use-wide.ts';

/** One run: what was answered, what is asked, how it goes, and everything beside it. */
export function RunView({ connection }: { connection: Connection }) {
  const words = useTranslations('run');
  const { runId } = useLiveRun();
  const model = useRunModel('status', 'run', 'cards');
  const outline = useOutline(runId);
  const version = useRunVersion(model.run, model.versionId);
  const address = useRunAddress();
  const [dialog, setDialog] = useState<RunDialog | null>(null);
  const panel = usePanel();
  const box = useRef<HTMLDivElement>(null);
  const timeline = useRef<TimelineHandle>(null);
  // The page is drawn once the model has been read.
  const status = model.status!;
  const current = useCurrent(status, box, model, useFirst(address.i) === undefined);
  const switching = useSwitching(status.branch_id ?? '', address);
  const editing = useEditing();
  const cards = useCards(address.set, (target) => setDialog({ kind: 'goBack', target }), editing.edit);
  const missing = useDeepLink(address.i, timeline, cards.open);
  usePageTitle(model.run?.project_name ?? '', useInboxTotal());
  const goBackFrom = (record: HistoryRecord | undefined): void => {
    const target = record ?? model.cards.findLast((card) => card.status !== 'open');
    if (target) setDialog({ kind: 'goBack', target: targetOf(target) });
  };
  const toCurrent = (): void => {
    showCard(box.current);
    box.current?.focus({ preventScroll: true });
  };
  useRunKeys({
    j: () => void (timeline.current?.step(1) === true || toCurrent()),
    k: () => void timeline.current?.step(-1),
    b: () => goBackFrom(timeline.current?.focused()),
    s: () => panel.show('state'),
    f: () => panel.show('files'),
  });
  const acts = {
    onCancel: () => setDialog({ kind: 'cancel' }),
    onFiles: () => panel.show('files'),
    onGoBack: (target: GoBackTarget) => setDialog({ kind: 'goBack', target }),
    onUpgrade: version.newer ? () => setDialog({ kind: 'upgrade' }) : undefined,
    editing,
  };
  const panels = { shown: panel.shown, onShow: panel.show, status, outline, onGoBack: acts.onGoBack };
  const recordOf = (id: string | undefined): HistoryRecord | undefined =>
    model.cards.findLast((card) => card.interaction_id === id);
  const held = current.isHeld ? recordOf(current.request?.interaction_id) : undefined;
  const passed = current.passedId === null ? undefined : recordOf(current.passedId);
  const closed = held?.status === 'answered' || held?.status === 'closed' ? 'over' : 'away';
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-x-8 gap-y-4 lg:grid-cols-[minmax(0,1fr)_22rem]">
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
        <RunHeader
          status={status}
          version={version}
          connection={connection}
          onBranches={() => setDialog({ kind: 'branches' })}
          onCancel={acts.onCancel}
          menu={
            <RunMenu
              version={version}
              onGoBack={model.cards.some((card) => card.status !== 'open') ? () => goBackFrom(undefined) : undefined}
              onUpgrade={() => setDialog({ kind: 'upgrade' })}
              onCompare={() => setDialog({ kind: 'compare', sides: { kind: 'runs', other: null } })}
              onCopyLink={() => cards.copyLink()}
              onEdit={editing.edit && (() => editing.edit?.())}
              onDelete={() => setDialog({ kind: 'delete' })}
            />
          }
        />
        <PanelButtons onShow={panel.show} />
        <OtherBranchNotice switching={switching} />
        {missing ? <Notice title={words('cardMissing')} /> : null}
        <Timeline ref={timeline} outline={outline} opened={cards.opened} acts={cards.acts} body={answeredBody} />
        <div
          ref={box}
          tabIndex={-1}
          data-current
          className="grid scroll-mt-20 grid-cols-[minmax(0,1fr)] gap-3 outline-none"
        >
          {current.isHeld ? <HeldNotice record={held} onGoOn={current.visit} /> : null}
          {passed?.status === 'answered' ? <PassedNotice record={passed} onClose={current.visit} /> : null}
          <CurrentSlot
            request={current.request}
            status={status}
            outline={outline}
            acts={acts}
            closed={current.isHeld ? closed : undefined}
          />
        </div>
        {current.isNew ? <NewStepChip onVisit={current.visit} /> : null}
      </div>
      {panel.isWide ? (
        <Card
          aria-label={words('panels.label')}
          data-panels
          className="sticky top-20 hidden h-[calc(100dvh-7rem)] overflow-clip lg:grid"
        >
          <RunPanels {...panels} />
        </Card>
      ) : panel.isOpen ? (
        <PanelDrawer {...panels} onClose={panel.close} />
      ) : null}
      <RunDialogs dialog={dialog} version={version} switching={switching} onOpen={setDialog} />
    </div>
  );
}

/** What something was when the page was opened. */
function useFirst<T>(value: T): T {
  return useState(value)[0];
}

const targetOf = (record: HistoryRecord): GoBackTarget => ({
  stepId: record.step_id,
  moduleName: record.module_name,
  interactionId: record.interaction_id,
  title: (record.request as { title?: string }).title ?? record.module_name,
});

/** Which panel is shown: beside the timeline, or in a drawer where there is no room. */
function usePanel() {
  const isWide = useWide();
  const [shown, setShown] = useState<Panel>('progress');
  const [isOpen, setOpen] = useState(false);
  const show = (panel: Panel): void => {
    setShown(panel);
    setOpen(true);
    if (isWide) requestAnimationFrame(() => focusTab());
  };
  return { shown, isWide, isOpen, show, close: () => setOpen(false) };
}

function focusTab(): void {
  document.querySelector<HTMLElement>('[data-panels] [role="tab"][data-state="active"]')?.focus();
}

/** Which finished cards are open, and what can be done with one. */
function useCards(
  setAddress: (change: { i?: string | undefined }) => void,
  onGoBack: (target: GoBackTarget) => void,
  onEdit: ((record: HistoryRecord) => void) | undefined,
) {
  const { runId, model } = useLiveRun();
  const copy = useCopy();
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const branch = useRef(onGoBack);
  branch.current = onGoBack;
  const edit = useRef(onEdit);
  edit.current = onEdit;
  const hasEditor = onEdit !== undefined;
  const copyLink = useCallback(
    (i?: string) =>
      copy(
        addressOf(runId, {
          ...(model.status?.branch_id ? { b: model.status.branch_id } : {}),
          ...(i === undefined ? {} : { i }),
        }),
      ),
    [copy, runId, model],
  );
  const acts = useMemo(
    () => ({
      onToggle(id: string) {
        setOpened((before) => {
          const after = new Set(before);
          const closes = after.delete(id);
          if (!closes) after.add(id);
          return after;
        });
        setAddress({ i: id });
      },
      onBranch: (record: HistoryRecord) => branch.current(targetOf(record)),
      onCopyLink: copyLink,
      onEdit: hasEditor ? (record: HistoryRecord) => edit.current?.(record) : undefined,
    }),
    [copyLink, setAddress, hasEditor],
  );
  const open = useCallback((id: string) => setOpened((before) => new Set(before).add(id)), []);
  return { opened, acts, open, copyLink };
}
