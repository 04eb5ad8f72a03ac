import type { ViewNode } from '@wfm/workflow-engine/display';
import { Star } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { classNames } from '../../components/class-names.ts';
import { TextLeaf } from './text-leaf.tsx';

const most = 5;

/** Stars, of five; a number that is none of them is shown as a number. */
export function RatingLeaf({ node }: { node: ViewNode }) {
  const words = useTranslations('view');
  const { value } = node;
  if (typeof value !== 'number' || value < 0 || value > most) return <TextLeaf node={node} />;
  const name = words('rating', { value, most });
  return (
    <span role="img" aria-label={name} title={name} className="inline-flex gap-0.5 py-1">
      {Array.from({ length: most }, (_, index) => (
        <Star
          key={index}
          aria-hidden
          className={classNames('size-4', index < Math.round(value) ? 'fill-warn text-warn' : 'text-line-strong')}
        />
      ))}
    </span>
  );
}
