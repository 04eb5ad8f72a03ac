import type { ViewNode } from '@wfm/workflow-engine/display';
import type { Annotation } from '@wfm/workflow-engine/models';
import { chipClass, toneStyle } from './tone.ts';
import { useView } from './view-context.ts';

/** What was noted about an item beside its data: "used 2 days ago" (ux.md 3.2). */
export function useNotes({ path, extra }: Pick<ViewNode, 'path' | 'extra'>): readonly Annotation[] {
  const { annotations } = useView();
  if (extra !== undefined) return none;
  const notes = annotations[JSON.stringify(path)];
  return notes?.filter(({ badge, note }) => badge !== undefined || note !== undefined) ?? none;
}

const none: readonly Annotation[] = [];

export function Notes({ notes }: { notes: readonly Annotation[] }) {
  return notes.map(({ badge, note, tone }, index) => (
    <span
      key={index}
      title={badge === undefined ? undefined : note}
      data-content
      dir="auto"
      style={toneStyle(tone)}
      className={chipClass(tone)}
    >
      {badge ?? note}
    </span>
  ));
}
