import { DataView } from '../../schema/index.ts';
import type { AnswerProps, RequestOf } from './answer-props.ts';

/** Something to be agreed to; its button says to what. */
export function ConfirmAnswer({ request }: Pick<AnswerProps<RequestOf<'confirm'>>, 'request'>) {
  return (
    <div className="grid gap-4">
      {request.message === '' ? null : (
        <p className="max-w-prose text-lg leading-relaxed whitespace-pre-wrap text-pretty" data-content dir="auto">
          {request.message}
        </p>
      )}
      {request.data === undefined || request.data === null ? null : (
        <DataView data={request.data} schema={request.schema} />
      )}
    </div>
  );
}
