import { useSyncExternalStore } from 'react';
import { type InteractionRequest, interactionTypes } from '@wfm/workflow-engine/models';
import type { AnswerProps } from './answer-props.ts';
import { ConfirmAnswer } from './confirm-answer.tsx';
import { DownloadAnswer } from './download-answer.tsx';
import type { DraftStore } from './draft-store.ts';
import { FileAnswer } from './file-answer.tsx';
import { FormAnswer } from './form-answer.tsx';
import { MediaAnswer } from './media-answer.tsx';
import { ReviewAnswer } from './review-answer.tsx';
import { SelectAnswer } from './select-answer.tsx';
import { TextAnswer } from './text-answer.tsx';
import { UnknownAnswer } from './unknown-answer.tsx';

export interface AnswerBodyProps extends Omit<AnswerProps, 'draft' | 'onChange'> {
  readonly store: DraftStore;
}

/** The part of a card that is of its kind. Forms keep their own values, and are not drawn again for each letter. */
export function AnswerBody({ store, ...props }: AnswerBodyProps) {
  const { request } = props;
  if (request.interaction_type === 'form_input') return <FormAnswer {...props} request={request} store={store} />;
  if (isKnown(request)) return <FollowingAnswer {...props} store={store} />;
  return <UnknownAnswer {...props} store={store} />;
}

function FollowingAnswer({ store, ...rest }: AnswerBodyProps) {
  const draft = useSyncExternalStore(store.subscribe, store.get);
  const props = { ...rest, draft, onChange: store.set };
  const { request } = props;
  switch (request.interaction_type) {
    case 'text_input':
      return <TextAnswer {...props} request={request} />;
    case 'select_from_structured':
      return <SelectAnswer {...props} request={request} />;
    case 'review_grouped':
      return <ReviewAnswer {...props} request={request} />;
    case 'confirm':
      return <ConfirmAnswer {...props} request={request} />;
    case 'file_input':
      return <FileAnswer {...props} request={request} />;
    case 'file_download':
      return <DownloadAnswer {...props} request={request} />;
    case 'media_generation':
      return <MediaAnswer {...props} request={request} />;
    default:
      return null;
  }
}

function isKnown({ interaction_type: type }: InteractionRequest): boolean {
  return interactionTypes.includes(type);
}
