import type { ViewNode } from '@wfm/workflow-engine/display';

/** Text to the letter, from left to right in every language. */
export function CodeLeaf({ node: { text, value } }: { node: ViewNode }) {
  return (
    <pre
      data-content
      dir="ltr"
      // It can be scrolled by keys, so it can be reached by them.
      tabIndex={0}
      className="max-h-96 overflow-auto rounded-md bg-sunken p-3 font-mono text-xs leading-5 whitespace-pre text-ink"
    >
      {text ?? JSON.stringify(value, null, 2)}
    </pre>
  );
}
