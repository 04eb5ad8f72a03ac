import { EmptyState } from '@wfm/shared/components';
import { DataView } from '@wfm/shared/schema';
import { CircleCheck } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { shortened } from './value-text.ts';

/** What a module that asks nobody has put out, an output after the other. */
export function ResultView({ name, outputs }: { name: string; outputs: Readonly<Record<string, unknown>> }) {
  const words = useTranslations('preview');
  const entries = Object.entries(outputs);
  return (
    <section aria-label={words('result', { module: name })} className="grid gap-4">
      {entries.length === 0 ? <p className="text-sm text-ink-soft">{words('noOutputs')}</p> : null}
      {entries.map(([output, value]) => (
        <div key={output} data-output={output} className="grid gap-1">
          <h3 className="font-mono text-xs text-ink-soft" dir="ltr">
            {output}
          </h3>
          <OutputValue value={value} />
        </div>
      ))}
    </section>
  );
}

function OutputValue({ value }: { value: unknown }) {
  if (typeof value === 'string') {
    return (
      <p data-content dir="auto" className="max-w-prose text-sm whitespace-pre-wrap">
        {shortened(value)}
      </p>
    );
  }
  if (typeof value === 'object' && value !== null) return <DataView data={value} compact />;
  return (
    <p data-content dir="ltr" className="font-mono text-sm">
      {JSON.stringify(value)}
    </p>
  );
}

/** The workflow has come to its end. */
export function Finished() {
  const words = useTranslations('preview');
  return (
    <EmptyState icon={<CircleCheck aria-hidden className="size-6 text-good" />} title={words('finished')}>
      {words('finishedText')}
    </EmptyState>
  );
}
