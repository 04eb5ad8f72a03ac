import type { ViewNode } from '@wfm/workflow-engine/display';
import { chipClass, toneStyle } from '../tone.ts';
import { useMore } from './clamp.tsx';
import { isOwnText, useValueText } from './value-text.ts';

const mostChips = 40;

/** Short words, each in a pill. */
export function ChipsLeaf({ node }: { node: ViewNode }) {
  const text = useValueText();
  const { isOpen, button } = useMore();
  const { value, tone } = node;
  const isList = Array.isArray(value) && isOwnList(node);
  const { settings: _unit, ...plain } = node;
  const chips = isList
    ? (value as unknown[]).map((entry) => text({ ...plain, value: entry, text: undefined }).replaceAll(/^"|"$/g, ''))
    : [text(node)];
  const shown = isOpen ? chips : chips.slice(0, mostChips);
  return (
    <span className="flex flex-wrap items-center gap-1">
      {shown.map((chip, index) => (
        // Equal chips may stand beside each other, and nothing else names them.
        <span key={index} data-content dir="auto" style={toneStyle(tone)} className={chipClass(tone)}>
          {chip === '' ? '—' : chip}
        </span>
      ))}
      {chips.length > mostChips ? button : null}
    </span>
  );
}

/** A list without a template of its own has the text that the engine makes of it. */
function isOwnList({ value, text }: ViewNode): boolean {
  return text === undefined || text === (value as unknown[]).map((entry) => plainText(entry)).join(', ');
}

function plainText(entry: unknown): string {
  return typeof entry === 'string' ? entry : entry === null || entry === undefined ? '' : JSON.stringify(entry);
}

/** What stands on a badge: a number or a yes without its name says nothing, a word does. */
export function BadgeLeaf({ node }: { node: ViewNode }) {
  const text = useValueText();
  const { value, tone, label } = node;
  const isNamed = label !== undefined && (typeof value === 'number' || typeof value === 'boolean') && isOwnText(node);
  return (
    <span data-content dir="auto" title={label} style={toneStyle(tone)} className={chipClass(tone)}>
      {isNamed ? <span className="font-normal">{label}</span> : null}
      {text(node) === '' ? '—' : text(node)}
    </span>
  );
}
