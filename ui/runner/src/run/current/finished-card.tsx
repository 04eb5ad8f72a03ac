import { Button, Card } from '@wfm/shared/components';
import { DataView } from '@wfm/shared/schema';
import type { WorkflowResponse } from '@wfm/workflow-engine/models';
import { CircleCheck, CircleSlash, PencilRuler } from 'lucide-react';
import { useTranslations } from 'use-intl';
import type { ModuleView } from '../model/run-api.ts';
import { useRunModel, useLiveRun } from '../model/use-run.ts';
import { useFiles } from '../panels/files-panel.tsx';
import type { useEditing } from '../use-editing.ts';

/** The end of a run that came through: what it made. */
export function FinishedCard({
  status,
  onFiles,
  editing,
}: {
  status: WorkflowResponse;
  onFiles: () => void;
  editing: ReturnType<typeof useEditing>;
}) {
  const words = useTranslations('run.ended');
  const run = useTranslations('run');
  const { modules } = useRunModel('modules');
  const { edit } = editing;
  return (
    <Card className="overflow-clip" aria-label={words('finished')} aria-live="polite">
      <header className="flex items-center gap-3 border-b border-line bg-good-soft px-4 py-4 sm:px-6">
        <CircleCheck aria-hidden className="size-6 shrink-0 text-good" />
        <h2 className="text-lg font-semibold text-good">{words('finished')}</h2>
      </header>
      <div className="grid gap-4 px-4 py-5 sm:px-6">
        <DataView data={status.result} />
        <Kept onFiles={onFiles} />
        {edit ? (
          <Button
            className="justify-self-start"
            busy={editing.busy}
            icon={<PencilRuler aria-hidden className="size-4" />}
            onClick={() => edit(lastMade([...modules.values()]))}
          >
            {run('changeThis')}
          </Button>
        ) : null}
      </div>
    </Card>
  );
}

/** The module that made what is shown at the end: the one that was completed last. */
function lastMade(modules: readonly ModuleView[]): ModuleView | undefined {
  const done = modules.filter(({ phase }) => phase === 'completed');
  return done.toSorted((a, b) => a.started_seq - b.started_seq).at(-1);
}

/** The end of a run that was stopped: what of it was kept (U19). */
export function CancelledCard({ onFiles }: { onFiles: () => void }) {
  const words = useTranslations('run.ended');
  return (
    <Card className="grid gap-3 px-4 py-5 sm:px-6" aria-label={words('cancelled')} aria-live="polite">
      <h2 className="flex items-center gap-3 text-lg font-semibold">
        <CircleSlash aria-hidden className="size-6 shrink-0 text-ink-faint" />
        {words('cancelled')}
      </h2>
      <p className="text-ink-soft">{words('cancelledText')}</p>
      <Kept onFiles={onFiles} />
    </Card>
  );
}

function Kept({ onFiles }: { onFiles: () => void }) {
  const words = useTranslations('run.ended');
  const { runId } = useLiveRun();
  const { cards, older, modules } = useRunModel('cards', 'modules');
  const files = useFiles(runId).data?.count;
  const answers = cards.filter(({ status }) => status === 'answered').length;
  const done = [...modules.values()].filter(({ phase }) => phase === 'completed').length;
  return (
    <ul className="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm text-ink-soft">
      <li>{words(older === null ? 'answers' : 'answersAtLeast', { count: answers })}</li>
      <li>{words('modules', { count: done })}</li>
      {files === undefined ? null : (
        <li>
          {files === 0 ? (
            words('files', { count: 0 })
          ) : (
            <button type="button" onClick={onFiles} className="min-h-11 font-medium text-accent underline">
              {words('files', { count: files })}
            </button>
          )}
        </li>
      )}
    </ul>
  );
}
