import type { ViewNode } from '@wfm/workflow-engine/display';
import { useFormatter, useTranslations } from 'use-intl';
import { ProgressBar } from '../../components/progress-bar.tsx';
import { TextLeaf } from './text-leaf.tsx';
import { isOwnText } from './value-text.ts';

/** Of 1 where the value is at most 1, else of 100. */
export function ProgressLeaf({ node }: { node: ViewNode }) {
  const format = useFormatter();
  const words = useTranslations('view');
  const { value, label, text } = node;
  if (typeof value !== 'number' || value < 0) return <TextLeaf node={node} />;
  const share = Math.min(value <= 1 ? value : value / 100, 1);
  return (
    <span className="flex max-w-md items-center gap-3">
      <span className="flex-1">
        <ProgressBar label={label ?? words('progress')} value={share * 100} />
      </span>
      <span className="text-sm text-ink-soft tabular-nums">
        {isOwnText(node) ? format.number(share, { style: 'percent' }) : text}
      </span>
    </span>
  );
}
