import { DataView } from '../../schema/index.ts';
import type { AnswerProps, RequestOf } from './answer-props.ts';

/** Something to be read, and accepted or tried again. */
export function ReviewAnswer({ request }: Pick<AnswerProps<RequestOf<'review_grouped'>>, 'request'>) {
  return (
    <DataView
      data={request.data}
      schema={request.schema}
      {...(request.annotations ? { annotations: request.annotations } : {})}
    />
  );
}
