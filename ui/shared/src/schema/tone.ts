import type { CSSProperties } from 'react';
import { classNames } from '../components/class-names.ts';

const inks: Readonly<Record<string, string>> = {
  accent: 'text-accent-strong',
  good: 'text-good',
  warn: 'text-warn',
  bad: 'text-bad',
  muted: 'text-ink-faint',
};
const edges: Readonly<Record<string, string>> = {
  accent: 'border-s-accent',
  good: 'border-s-good',
  warn: 'border-s-warn',
  bad: 'border-s-bad',
  muted: 'border-s-line-strong',
};
const fills: Readonly<Record<string, string>> = {
  accent: 'border-transparent bg-accent-soft text-accent-strong',
  good: 'border-transparent bg-good-soft text-good',
  warn: 'border-transparent bg-warn-soft text-warn',
  bad: 'border-transparent bg-bad-soft text-bad',
  muted: 'border-line bg-sunken text-ink-faint',
};

/** The ink of a tone, for words (format.md 18.2). */
export function inkClass(tone: string | undefined): string | undefined {
  return tone === undefined ? undefined : inks[tone];
}

/** The edge of a card in a tone: its words stay as they are, so that they can be read. */
export function edgeClass(tone: string | undefined): string | undefined {
  return tone === undefined ? undefined : classNames('border-s-4', edges[tone]);
}

/** A short word in a pill. */
export function chipClass(tone: string | undefined): string {
  const fill = (tone === undefined ? undefined : fills[tone]) ?? 'border-line bg-sunken text-ink-soft';
  return classNames(
    'inline-flex max-w-full items-center gap-1 rounded-full border px-2 py-0.5 text-xs font-medium',
    fill,
  );
}

/** An author's own colour: mixed with the ink until it can be read in either theme. */
export function toneStyle(tone: string | undefined): CSSProperties | undefined {
  return isColour(tone) ? { color: `color-mix(in oklch, ${tone} 45%, var(--ink))` } : undefined;
}

/** The edge of a card in an author's own colour. */
export function edgeStyle(tone: string | undefined): CSSProperties | undefined {
  return isColour(tone) ? { borderInlineStartColor: tone } : undefined;
}

function isColour(tone: string | undefined): tone is string {
  return tone?.startsWith('#') ?? false;
}
