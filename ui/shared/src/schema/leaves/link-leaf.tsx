import type { ViewNode } from '@wfm/workflow-engine/display';
import { ExternalLink } from 'lucide-react';
import { safeLink } from './safe-link.ts';
import { TextLeaf } from './text-leaf.tsx';

const longest = 80;

/** An address of the web or of a mailbox; anything else is text. */
export function LinkLeaf({ node }: { node: ViewNode }) {
  const href = safeLink(node.value ?? node.text);
  if (href === undefined) return <TextLeaf node={node} />;
  const text = node.text ?? href;
  return (
    <a
      href={href}
      target="_blank"
      rel="noreferrer noopener"
      title={text.length > longest ? href : undefined}
      className="inline-flex max-w-full items-center gap-1 py-0.5 text-accent-strong underline decoration-1 underline-offset-4"
    >
      <span data-content dir="auto" className="min-w-0 [overflow-wrap:anywhere]">
        {text.length > longest ? `${text.slice(0, longest)}…` : text}
      </span>
      <ExternalLink aria-hidden className="size-3.5 shrink-0" />
    </a>
  );
}
