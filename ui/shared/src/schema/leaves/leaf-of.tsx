import type { ViewNode } from '@wfm/workflow-engine/display';
import { lazy, type ReactNode, Suspense } from 'react';
import { ChipsLeaf } from './chips-leaf.tsx';
import { CodeLeaf } from './code-leaf.tsx';
import { ColorLeaf } from './color-leaf.tsx';
import { DateLeaf } from './date-leaf.tsx';
import { JsonLeaf } from './json-leaf.tsx';
import { LinkLeaf } from './link-leaf.tsx';
import { type MediaFit, MediaLeaf } from './media-leaf.tsx';
import { NumberLeaf } from './number-leaf.tsx';
import { ProgressLeaf } from './progress-leaf.tsx';
import { RatingLeaf } from './rating-leaf.tsx';
import { TextLeaf } from './text-leaf.tsx';

// Seldom needed, and larger than everything else here together.
const MarkdownLeaf = lazy(async () => ({ default: (await import('./markdown-leaf.tsx')).MarkdownLeaf }));
const DiffLeaf = lazy(async () => ({ default: (await import('./diff-leaf.tsx')).DiffLeaf }));

/** The value of a leaf by its kind, without anything around it. */
export function LeafBody({ node, fit }: { node: ViewNode; fit?: MediaFit | undefined }): ReactNode {
  switch (node.kind) {
    case 'markdown':
      return (
        <Suspense fallback={<TextLeaf node={node} />}>
          <MarkdownLeaf node={node} />
        </Suspense>
      );
    case 'diff':
      return (
        <Suspense fallback={<TextLeaf node={node} />}>
          <DiffLeaf node={node} />
        </Suspense>
      );
    case 'code':
      return <CodeLeaf node={node} />;
    case 'number':
      return <NumberLeaf node={node} />;
    case 'date':
      return <DateLeaf node={node} />;
    case 'link':
      return <LinkLeaf node={node} />;
    case 'color':
      return <ColorLeaf node={node} />;
    case 'chips':
    case 'badge':
      return <ChipsLeaf node={node} />;
    case 'progress':
      return <ProgressLeaf node={node} />;
    case 'rating':
      return <RatingLeaf node={node} />;
    case 'image':
    case 'audio':
    case 'video':
    case 'file':
      return <MediaLeaf node={node} fit={fit} />;
    case 'json':
      return <JsonLeaf node={node} />;
    default:
      return <TextLeaf node={node} />;
  }
}
