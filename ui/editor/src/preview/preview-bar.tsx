import { useAppearance } from '@wfm/shared/app';
import { Badge, IconButton, type Tone } from '@wfm/shared/components';
import {
  CircleSlash2,
  Eye,
  ListChecks,
  Monitor,
  Moon,
  Pin,
  PinOff,
  RotateCcw,
  Smartphone,
  Sun,
  TestTubeDiagonal,
} from 'lucide-react';
import { useTranslations } from 'use-intl';
import type { PreviewState } from '../runtime/preview-session.ts';
import { useDesk, useEditor, usePreview, useWorkbench } from '../workbench/workbench.ts';
import { ModeSwitch } from './mode-switch.tsx';
import { previewActs } from './preview-acts.ts';
import { Choice, Segments } from './segments.tsx';
import { type Answers, choicesOf, choose } from './settings.ts';
import { nameIn } from './stage.tsx';

/** How the stage is shown: of this panel, and never of the document. */
export interface StageLook {
  readonly width: 'desktop' | 'phone';
  /** Null: as the page. */
  readonly theme: 'light' | 'dark' | null;
  readonly side: 'modules' | 'scenarios';
  /** Where there is room for one of them: what is beside the stage instead of it. */
  readonly turned: boolean;
}

const tones: Record<PreviewState['phase'], Tone> = {
  idle: 'neutral',
  waiting: 'neutral',
  running: 'accent',
  held: 'warn',
  settled: 'good',
  failed: 'bad',
  unreachable: 'warn',
  unresolved: 'warn',
};

/** What is previewed and how, in one line. */
export function PreviewBar({
  target,
  look,
  onLook,
}: {
  target: string | null;
  look: StageLook;
  onLook: (look: StageLook) => void;
}) {
  const words = useTranslations('preview');
  const workbench = useWorkbench();
  const choices = useEditor(({ history }) => choicesOf(history.present.document));
  const pinned = useDesk(({ previewTo }) => previewTo);
  const { theme: pageTheme } = useAppearance();
  const shownTheme =
    look.theme ?? (pageTheme === 'system' ? (document.documentElement.dataset['theme'] ?? 'light') : pageTheme);
  const { desk } = workbench;
  const acts = previewActs(workbench);
  const name = target === null ? words('wholeWorkflow') : nameIn(target);
  return (
    <div className="flex flex-wrap items-center gap-x-2 gap-y-1 border-b border-line px-3 py-1.5">
      <PhaseBadge />
      <span className="flex min-w-0 items-center gap-1 text-xs text-ink-soft">
        {words('upTo')}
        {target === null ? (
          <span>{name}</span>
        ) : (
          <code data-content className="max-w-40 truncate font-medium text-ink">
            {name}
          </code>
        )}
        <IconButton
          size="small"
          label={pinned === null ? words('pin', { module: name }) : words('unpin')}
          aria-pressed={pinned !== null}
          disabled={target === null}
          icon={
            pinned === null ? (
              <Pin aria-hidden className="size-3.5" />
            ) : (
              <PinOff aria-hidden className="size-3.5 text-accent" />
            )
          }
          onClick={() => desk.setState({ previewTo: pinned === null ? target : null })}
        />
      </span>
      <span className="ms-auto flex flex-wrap items-center gap-2">
        <ModeSwitch />
        <Choice<Answers>
          label={words('answers.label')}
          value={choices.answers}
          options={(['last', 'hand', 'sample'] as const).map((value) => ({ value, label: words(`answers.${value}`) }))}
          onChange={(answers) => choose(workbench, { answers })}
        />
        {choices.scenarios.length > 0 ? (
          <Choice
            label={words('scenarios.label')}
            value={choices.scenario ?? ''}
            options={[
              { value: '', label: words('scenarios.none') },
              ...choices.scenarios.map((scenario) => ({ value: scenario.name, label: scenario.name })),
            ]}
            onChange={(scenario) => choose(workbench, { scenario: scenario === '' ? null : scenario })}
          />
        ) : null}
        <IconButton
          size="small"
          className="@3xl:hidden"
          label={look.turned ? words('title') : words('outcomes.label')}
          aria-pressed={look.turned}
          icon={look.turned ? <Eye aria-hidden className="size-4" /> : <ListChecks aria-hidden className="size-4" />}
          onClick={() => onLook({ ...look, turned: !look.turned })}
        />
        <span className={look.turned ? undefined : 'hidden @3xl:inline'}>
          <IconButton
            size="small"
            label={look.side === 'modules' ? words('scenarios.edit') : words('outcomes.label')}
            icon={
              look.side === 'modules' ? (
                <TestTubeDiagonal aria-hidden className="size-4" />
              ) : (
                <ListChecks aria-hidden className="size-4" />
              )
            }
            onClick={() => onLook({ ...look, side: look.side === 'modules' ? 'scenarios' : 'modules' })}
          />
        </span>
        <Segments
          label={words('width.label')}
          value={look.width}
          options={[
            { value: 'desktop', label: words('width.desktop'), icon: <Monitor aria-hidden className="size-3.5" /> },
            { value: 'phone', label: words('width.phone'), icon: <Smartphone aria-hidden className="size-3.5" /> },
          ]}
          onChange={(width) => onLook({ ...look, width })}
        />
        <IconButton
          size="small"
          label={`${words('theme.label')}: ${words(shownTheme === 'dark' ? 'theme.dark' : 'theme.light')}`}
          icon={
            shownTheme === 'dark' ? <Moon aria-hidden className="size-4" /> : <Sun aria-hidden className="size-4" />
          }
          onClick={() => onLook({ ...look, theme: shownTheme === 'dark' ? 'light' : 'dark' })}
        />
        <IconButton
          size="small"
          label={target === null ? words('previewHere') : words('again', { module: name })}
          disabled={target === null}
          icon={<RotateCcw aria-hidden className="size-4" />}
          onClick={() => target !== null && acts.runAgain(target)}
        />
        <IconButton
          size="small"
          label={words('begin')}
          icon={<CircleSlash2 aria-hidden className="size-4" />}
          onClick={() => acts.runAgain()}
        />
      </span>
    </div>
  );
}

/** How the preview stands, in a word that is read out when it changes. */
function PhaseBadge() {
  const words = useTranslations('preview.phase');
  const shown = usePreview(({ phase, stale, response }) => {
    if (phase !== 'settled') return phase;
    return stale ? 'stale' : response?.status === 'error' ? 'failed' : phase;
  });
  return (
    <span role="status" data-phase={shown}>
      <Badge tone={shown === 'stale' ? 'warn' : tones[shown]}>{words(shown)}</Badge>
    </span>
  );
}
