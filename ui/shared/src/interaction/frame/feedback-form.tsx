import { wordsOf } from '@wfm/workflow-engine/display';
import { isJsonObject, type InteractionAnswer, type InteractionRequest } from '@wfm/workflow-engine/models';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { Button } from '../../components/button.tsx';
import { classNames } from '../../components/class-names.ts';
import { isShortcut } from '../../core/shortcut.ts';
import { boxClass } from '../../schema/inputs/input-props.ts';
import type { DraftStore } from '../answers/draft-store.ts';
import type { Option } from './options.ts';

/** Characters of what is said for another try (format.md 11.2). */
const most = 100_000;

/** What is asked before an option is taken: what is to be different, and which parts of a review. */
export function wantsFeedback(option: Option, request: InteractionRequest): boolean {
  return option.mode !== 'continue' && (option.feedback !== undefined || groupsOf(request, option).length > 0);
}

/** What is to be different the next time; begins with what was said the last time (U6). It is kept like an answer. */
export function FeedbackForm({
  option,
  request,
  store,
  before,
  busy,
  onSend,
  onCancel,
}: {
  option: Option;
  request: InteractionRequest;
  store: DraftStore;
  before: string | undefined;
  busy: boolean;
  onSend: (more: InteractionAnswer) => void;
  onCancel: () => void;
}) {
  const words = useTranslations('interaction');
  const common = useTranslations('common');
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const { feedback } = option;
  const kept = store.get();
  const [text, setText] = useState(
    kept.feedback?.option === option.id ? kept.feedback.text : (before ?? feedback?.defaultMessage ?? ''),
  );
  const [wanted, setWanted] = useState<readonly string[]>(kept.answer.retry_groups ?? []);
  const groups = groupsOf(request, option);
  const write = (next: string): void => {
    setText(next);
    store.set({ ...store.get(), feedback: { option: option.id, text: next } });
  };
  const tick = (group: string, isOn: boolean): void => {
    const next = isOn ? [...wanted, group] : wanted.filter((other) => other !== group);
    setWanted(next);
    const draft = store.get();
    store.set({ ...draft, answer: { ...draft.answer, retry_groups: next } });
  };
  const send = (): void =>
    onSend({
      ...(feedback ? { retry_feedback: text } : {}),
      ...(wanted.length > 0 ? { retry_groups: [...wanted] } : {}),
    });
  const onKeyDown = (event: KeyboardEvent): void => {
    if (isShortcut(event.nativeEvent, 'Ctrl+Enter')) {
      event.preventDefault();
      event.stopPropagation();
      send();
    } else if (event.key === 'Escape' && !event.nativeEvent.isComposing) {
      event.stopPropagation();
      onCancel();
    }
  };
  useEffect(() => {
    const field = box.current?.querySelector<HTMLTextAreaElement | HTMLInputElement>('textarea, input');
    field?.focus();
    // What is there is a proposal: typing goes on after it.
    if (field instanceof HTMLTextAreaElement) field.setSelectionRange(field.value.length, field.value.length);
  }, []);
  return (
    <div ref={box} className="grid gap-3" onKeyDown={onKeyDown} role="group" aria-label={option.label}>
      {feedback ? (
        <div className="grid gap-1">
          <label
            htmlFor={id}
            className="text-sm font-medium"
            data-content={feedback.prompt !== undefined || undefined}
            dir="auto"
          >
            {feedback.prompt ?? words('feedback')}
          </label>
          <textarea
            id={id}
            dir="auto"
            rows={3}
            maxLength={most}
            value={text}
            disabled={busy}
            onChange={(event) => write(event.target.value)}
            className={classNames(boxClass, 'field-sizing-content max-h-60 min-h-20')}
          />
        </div>
      ) : null}
      {groups.length === 0 ? null : (
        <fieldset disabled={busy} className="grid gap-1">
          <legend className="text-sm font-medium">{words('retryGroups')}</legend>
          <div className="flex flex-wrap gap-x-5">
            {groups.map((group) => (
              <label key={group} className="flex min-h-11 items-center gap-2 text-sm">
                <input
                  type="checkbox"
                  checked={wanted.includes(group)}
                  onChange={(event) => tick(group, event.target.checked)}
                  className="size-5 accent-accent"
                />
                <span data-content dir="auto">
                  {groupLabel(request, group)}
                </span>
              </label>
            ))}
          </div>
          <p className="text-xs text-ink-soft">{words('retryGroupsHelp')}</p>
        </fieldset>
      )}
      <div className="flex flex-wrap gap-2">
        <Button look="primary" busy={busy} onClick={send} shortcut="Ctrl+Enter">
          <span data-content={option.isContent || undefined} dir="auto">
            {option.label}
          </span>
        </Button>
        <Button look="quiet" disabled={busy} onClick={onCancel} shortcut="Esc">
          {common('cancel')}
        </Button>
      </div>
    </div>
  );
}

/** The parts of a review of which some alone can be tried again. */
function groupsOf(request: InteractionRequest, { mode }: Option): string[] {
  if (mode !== 'retry' || request.interaction_type !== 'review_grouped' || !isJsonObject(request.data)) return [];
  const groups = Object.keys(request.data).filter((key) => !key.startsWith('_'));
  return groups.length > 1 ? groups : [];
}

function groupLabel({ schema }: InteractionRequest, group: string): string {
  const properties = isJsonObject(schema) && isJsonObject(schema['properties']) ? schema['properties'] : {};
  const node = properties[group];
  const title = isJsonObject(node) ? node['title'] : undefined;
  return typeof title === 'string' && title !== '' ? title : wordsOf(group);
}
