import type { ViewNode } from '@wfm/workflow-engine/display';
import { useLayoutEffect, useRef, useState } from 'react';
import Markdown from 'react-markdown';
import { classNames } from '../../components/class-names.ts';
import { useView } from '../view-context.ts';
import { useMore } from './clamp.tsx';
import { safeLink } from './safe-link.ts';

/** Markdown without HTML: elements are built, never markup text (ux.md 3.3, promise 6). Pictures are links. */
export function MarkdownLeaf({ node: { text = '' } }: { node: ViewNode }) {
  const { compact } = useView();
  const { isOpen, open, button } = useMore();
  const box = useRef<HTMLDivElement>(null);
  const [isLong, setLong] = useState(false);
  useLayoutEffect(() => {
    const { scrollHeight = 0, clientHeight = 0 } = box.current ?? {};
    if (!isOpen) setLong(scrollHeight > clientHeight + 1);
  }, [text, isOpen]);
  return (
    <>
      <div
        ref={box}
        data-content
        dir="auto"
        // A link that is reached by Tab must be seen.
        onFocus={() => isLong && open()}
        className={classNames(
          'prose-view',
          !isOpen && (compact ? 'max-h-28 overflow-hidden' : 'max-h-96 overflow-hidden'),
          isLong && !isOpen && 'fades-out',
        )}
      >
        <Markdown
          skipHtml
          urlTransform={(url) => safeLink(url) ?? ''}
          components={{
            a: ({ href, children }) =>
              href ? (
                <a href={href} target="_blank" rel="noreferrer noopener">
                  {children}
                </a>
              ) : (
                <span>{children}</span>
              ),
            // Nothing is loaded from where an author or a model says.
            img: ({ src, alt }) =>
              typeof src === 'string' && src !== '' ? (
                <a href={src} target="_blank" rel="noreferrer noopener">
                  {alt === undefined || alt === '' ? src : alt}
                </a>
              ) : (
                <span>{alt}</span>
              ),
            // A text's own headings are not those of the page.
            h1: ({ children }) => <p className="text-lg font-semibold">{children}</p>,
            h2: ({ children }) => <p className="font-semibold">{children}</p>,
            h3: ({ children }) => <p className="font-semibold">{children}</p>,
            h4: ({ children }) => <p className="font-medium">{children}</p>,
            h5: ({ children }) => <p className="font-medium">{children}</p>,
            h6: ({ children }) => <p className="font-medium">{children}</p>,
            pre: ({ children }) => <pre tabIndex={0}>{children}</pre>,
          }}
        >
          {text}
        </Markdown>
      </div>
      {isLong ? button : null}
    </>
  );
}
