import type { ViewNode } from '@wfm/workflow-engine/display';
import { ChevronDown } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { CodeLeaf } from './code-leaf.tsx';

const foldFrom = 400;

/** A structure as it is; a long one is folded to its size. */
export function JsonLeaf({ node }: { node: ViewNode }) {
  const words = useTranslations('view');
  const text = JSON.stringify(node.value, null, 2) ?? node.text ?? '';
  const whole = <CodeLeaf node={{ ...node, text }} />;
  if (text.length < foldFrom) return whole;
  const count = Array.isArray(node.value) ? node.value.length : Object.keys(node.value ?? {}).length;
  return (
    <details className="group/json rounded-md border border-line">
      <summary className="flex min-h-11 cursor-pointer list-none items-center gap-2 rounded-md px-3 text-sm text-ink-soft hover:text-ink">
        <ChevronDown
          aria-hidden
          className="size-4 -rotate-90 transition-transform group-open/json:rotate-0 rtl:rotate-90 rtl:group-open/json:rotate-0"
        />
        {words('json', { count })}
      </summary>
      {whole}
    </details>
  );
}
