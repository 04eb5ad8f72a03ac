import { Suspense } from 'react';
import { Skeleton } from '../../components/surfaces.tsx';
import { GenerationBlocks } from '../../media/index.ts';
import type { AnswerProps, RequestOf } from './answer-props.ts';

/** Blocks to have media made with, what was made, and the choice among it (format.md 18.4). */
export function MediaAnswer(props: AnswerProps<RequestOf<'media_generation'>>) {
  return (
    <Suspense fallback={<Skeleton className="h-64" />}>
      <GenerationBlocks {...props} />
    </Suspense>
  );
}
