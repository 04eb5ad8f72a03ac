import type { Annotation } from '@wfm/workflow-engine/models';
import { compileView, type ViewNode } from '@wfm/workflow-engine/display';
import { type ReactNode, useCallback, useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import { saveItem } from '../media/media-item.ts';
import { Choices } from './choices/choices.tsx';
import type { Selection } from './choices/selection.ts';
import { MediaStage, stageItems } from './media-stage.tsx';
import { NodeView } from './node-view.tsx';
import { ViewContext, type ViewSurroundings } from './view-context.ts';

export interface DataViewProps {
  data: unknown;
  /** Display schema of either format; without one the data is drawn by its shape. */
  schema?: unknown;
  state?: unknown;
  /** What is chosen, where a person chooses. */
  selection?: Selection;
  /** By the JSON of an item's path (format.md 16). */
  annotations?: Readonly<Record<string, readonly Annotation[]>>;
  /** Smaller, for a panel or a summary. */
  compact?: boolean;
}

/** Data as its author wanted it to be seen. Drawn from the same tree as in the terminal. */
export function DataView({ data, schema, state, selection, annotations, compact = false }: DataViewProps) {
  const words = useTranslations('view');
  const selecting = selection !== undefined;
  const view = useMemo(
    () => compileView({ data, schema: schema ?? everything, state, selecting }),
    [data, schema, state, selecting],
  );
  const { root } = view;
  const { media, opened, setOpened, ...enlarging } = useEnlarging(root);
  const { onOpenMedia, onMediaKey } = enlarging;
  const context = useMemo<ViewSurroundings>(
    () => ({ annotations: annotations ?? {}, compact, onOpenMedia, onMediaKey }),
    [annotations, compact, onOpenMedia, onMediaKey],
  );
  if (!root) return <p className="text-sm text-ink-soft">{words('nothing')}</p>;
  const stage = <MediaStage items={media} at={opened} onAt={setOpened} />;
  return (
    <ViewContext value={context}>
      {selection ? (
        <Choices root={root} selection={selection}>
          {stage}
        </Choices>
      ) : (
        <>
          <NodeView node={root} isRoot />
          {stage}
        </>
      )}
    </ViewContext>
  );
}

/** A tree that has been compiled already, with its blocks. */
export function TreeView({ root, drawBlock }: { root: ViewNode; drawBlock: (node: ViewNode) => ReactNode }) {
  const { media, opened, setOpened, onOpenMedia } = useEnlarging(root);
  const context = useMemo<ViewSurroundings>(
    () => ({ annotations: {}, compact: false, onOpenMedia, drawBlock }),
    [onOpenMedia, drawBlock],
  );
  return (
    <ViewContext value={context}>
      <NodeView node={root} isRoot />
      <MediaStage items={media} at={opened} onAt={setOpened} />
    </ViewContext>
  );
}

/** Which of a view's media is shown large, and the keys of a choice that has some: Enter shows it, D saves it. */
function useEnlarging(root: ViewNode | null) {
  const media = useMemo(() => (root ? stageItems(root) : []), [root]);
  const [opened, setOpened] = useState<number | null>(null);
  const onOpenMedia = useCallback(
    (url: string) => {
      const at = media.findIndex((item) => item.url === url);
      if (at >= 0) setOpened(at);
    },
    [media],
  );
  const onMediaKey = useCallback(
    (choice: string, act: 'open' | 'save') => {
      const at = media.findIndex((item) => item.choice === choice);
      const item = media[at];
      if (!item) return false;
      if (act === 'open') setOpened(at);
      else void saveItem(item);
      return true;
    },
    [media],
  );
  return { media, opened, setOpened, onOpenMedia, onMediaKey };
}

/** A native schema that says nothing: everything is shown (format.md 18.1). */
const everything = {};
