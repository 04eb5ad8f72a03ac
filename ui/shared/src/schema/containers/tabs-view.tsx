import type { ViewNode } from '@wfm/workflow-engine/display';
import { useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { Tabs } from '../../components/tabs.tsx';
import { useChoices } from '../choices/choice-context.ts';
import { Choice } from '../choices/choice.tsx';
import { keyOf } from '../keys.ts';
import { NodeView } from '../node-view.tsx';
import { titleOf } from '../slots.ts';
import { Frame } from './frame.tsx';
import { SectionsView } from './sections-view.tsx';

/** More than can be told apart in a row of tabs. */
const mostTabs = 40;

/** Members of which one is shown. */
export function TabsView({ node }: { node: ViewNode }) {
  const words = useTranslations('view');
  const { children = [], label } = node;
  const tabs = children.map((child, index) => ({
    id: keyOf(child),
    label: (
      <span data-content dir="auto" className="max-w-60 truncate">
        {titleOf(child) ?? words('tab', { number: index + 1 })}
      </span>
    ),
  }));
  const [chosen, setChosen] = useState(tabs[0]?.id ?? '');
  const choices = useChoices();
  const store = choices?.store;
  useEffect(
    () =>
      store?.onReveal((_, path) => {
        const holder = children.find((child) => child.path.every((key, index) => key === path[index]));
        if (holder) setChosen(keyOf(holder));
      }),
    [store, children],
  );
  useEffect(() => choices?.settle(), [choices, chosen]);
  if (children.length > mostTabs) return <SectionsView node={node} />;
  const shown = children.find((child) => keyOf(child) === chosen) ?? children[0];
  if (!shown) return null;
  return (
    <Tabs label={label ?? words('tabs')} tabs={tabs} value={keyOf(shown)} onChange={setChosen}>
      <div className="p-1 pt-4">
        <Panel key={keyOf(shown)} node={shown} />
      </div>
    </Tabs>
  );
}

/** The tab says the title. */
function Panel({ node }: { node: ViewNode }) {
  const isObject = node.children !== undefined && node.kind === 'stack';
  if (!isObject) return <NodeView node={node} hideLabel isRoot />;
  const frame = <Frame node={node} isBare hideTitle />;
  return node.select ? <Choice node={node}>{frame}</Choice> : frame;
}
