import type { InteractionRequest } from '@wfm/workflow-engine/models';
import { History } from 'lucide-react';
import { useTranslations } from 'use-intl';

/** What is asked, in which step, with the author's help; and that an earlier answer has been filled in. */
export function Heading({ request }: { request: InteractionRequest }) {
  const words = useTranslations('interaction');
  const { title, help, step_context: step, previous_answer: before } = request;
  return (
    <header className="border-b border-line px-4 py-4 sm:px-6">
      {step.step_name === title ? null : (
        <p className="text-xs font-medium text-ink-faint" data-content dir="auto">
          {step.step_name}
        </p>
      )}
      <h2
        tabIndex={-1}
        data-heading
        className="rounded-sm text-xl leading-snug font-semibold text-pretty outline-none focus-visible:outline-2 focus-visible:outline-offset-4 focus-visible:outline-accent"
        data-content
        dir="auto"
      >
        {title}
      </h2>
      {help === undefined ? null : (
        <p className="mt-1 max-w-prose text-sm whitespace-pre-wrap text-ink-soft" data-content dir="auto">
          {help}
        </p>
      )}
      {before === undefined || before === null ? null : (
        <p className="mt-2 flex items-center gap-1.5 text-xs text-ink-soft">
          <History aria-hidden className="size-3.5" />
          {words('earlierAnswer')}
        </p>
      )}
    </header>
  );
}
