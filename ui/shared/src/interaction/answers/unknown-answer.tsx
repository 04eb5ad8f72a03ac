import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import { Notice } from '../../components/surfaces.tsx';
import { DataView, SchemaForm } from '../../schema/index.ts';
import { errorsByRow } from '../answering/faults.ts';
import type { AnswerBodyProps } from './answer-body.tsx';
import { unknownForm } from './draft.ts';

/** A kind of question that this page does not know: what it is about, and a form from what it says of its answer. */
export function UnknownAnswer({ request, store, disabled, faults }: AnswerBodyProps) {
  const words = useTranslations('interaction');
  const { data, schema, interaction_type: type } = request;
  const form = useMemo(() => unknownForm(request), [request]);
  const errors = useMemo(() => errorsByRow(faults).get(0), [faults]);
  return (
    <div className="grid gap-4">
      <Notice title={words('unknownType', { type })}>{words('unknownTypeText')}</Notice>
      {data === undefined || data === null ? null : (
        <DataView data={data} schema={form === schema ? undefined : schema} />
      )}
      <div className="rounded-md border border-line bg-surface p-4">
        <SchemaForm
          schema={form}
          initial={store.get().forms?.[0]}
          onChange={(state) => store.set({ ...store.get(), forms: [state] })}
          {...(errors ? { errors } : {})}
          disabled={disabled}
        />
      </div>
    </div>
  );
}
