import type { ViewNode } from '@wfm/workflow-engine/display';
import { Check, X } from 'lucide-react';
import { classNames } from '../../components/class-names.ts';
import { useView } from '../view-context.ts';
import { beginningOf, useMore } from './clamp.tsx';
import { isOwnText, useValueText } from './value-text.ts';

/** Longer texts are clamped, with "more" (ux.md 3.2). */
const most = { characters: 600, lines: 12 };
const longestLine = 80;
const mostInLittleRoom = { characters: 200, lines: 4 };

export function TextLeaf({ node }: { node: ViewNode }) {
  const { compact } = useView();
  const { isOpen, button } = useMore();
  const text = useValueText()(node);
  if (text === '') return <span className="text-ink-faint">—</span>;
  if (typeof node.value === 'boolean' && isOwnText(node)) return <YesNo value={node.value} text={text} />;
  const { characters, lines } = compact ? mostInLittleRoom : most;
  const beginning = beginningOf(text, characters, lines);
  // A paragraph is aligned as it is read, a few words as the page is.
  const isParagraph = text.length > longestLine || text.includes('\n');
  return (
    <>
      <span data-content dir="auto" className={classNames('whitespace-pre-wrap text-pretty', isParagraph && 'block')}>
        {beginning !== undefined && !isOpen ? beginning : text}
      </span>
      {beginning === undefined ? null : button}
    </>
  );
}

function YesNo({ value, text }: { value: boolean; text: string }) {
  const Icon = value ? Check : X;
  return (
    <span className="inline-flex items-center gap-1.5">
      <Icon aria-hidden className={value ? 'size-4 text-good' : 'size-4 text-ink-faint'} />
      {text}
    </span>
  );
}
