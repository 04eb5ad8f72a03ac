import { leafText, noteOf, partsOf, tableOf } from './print-tree.ts';
import type { ViewNode } from './view-model.ts';

/**
 * A view as Markdown: frames are headings, members bold names, items lists, tables tables. Texts of the data are
 * escaped; only a leaf of the kind `markdown` speaks Markdown itself.
 */
export function printMarkdown(root: ViewNode | null): string {
  return root === null ? '' : `${block(root, 1).join('\n\n')}\n`;
}

const deepestHeading = 6;

function block(node: ViewNode, level: number): string[] {
  if (node.kind === 'block') return [`*${escape(node.label ?? node.block?.id ?? 'block')}*`];
  if (node.children === undefined) return leaf(node);
  const { title, subtitle, badges, rest } = partsOf(node);
  const tags = badges.map((badge) => `\`${badge.replaceAll('`', "'")}\``).join(' ');
  const name = [escape(title), tags, escape(noteOf(node))].filter((part) => part !== '').join(' ');
  const heading = name === '' ? [] : [`${'#'.repeat(Math.min(level, deepestHeading))} ${name}`];
  const intro = subtitle === '' ? [] : [`*${escape(subtitle)}*`];
  const below = heading.length > 0 ? level + 1 : level;
  return [...heading, ...intro, ...body(node, rest, below)];
}

function body(node: ViewNode, rest: readonly ViewNode[], level: number): string[] {
  const table = node.kind === 'table' ? tableOf(node) : undefined;
  if (table) {
    const { columns, rows } = table;
    const row = (cells: readonly string[]): string => `| ${cells.map(escape).join(' | ')} |`;
    const rule = `|${columns.map(() => '---').join('|')}|`;
    return [[row(columns), rule, ...rows.map((cells) => row(columns.map((name) => cells.get(name) ?? '')))].join('\n')];
  }
  const isPlainList =
    rest.length > 0 && rest.every(({ path, children }) => !children && typeof path.at(-1) === 'number');
  if (isPlainList) return [rest.map((item) => `- ${leaf(item).join('\n\n').replaceAll('\n', '\n  ')}`).join('\n')];
  return rest.flatMap((child) => block(child, level));
}

function leaf(node: ViewNode): string[] {
  const { kind, label } = node;
  const text = leafText(node);
  const note = noteOf(node) === '' ? '' : ` *${escape(noteOf(node))}*`;
  const name = label === undefined ? '' : `**${escape(label)}:** `;
  if (kind === 'markdown') return [...(name === '' ? [] : [name.trimEnd()]), text + note];
  const isCode =
    kind === 'code' || kind === 'json' || kind === 'diff' || (node.text === undefined && text.includes('\n'));
  if (isCode) return [...(name === '' ? [] : [name.trimEnd()]), fenced(text), ...(note === '' ? [] : [note.trim()])];
  if (text === '' && note === '') return name === '' ? [] : [name.trimEnd()];
  // A single new line would be swallowed.
  return [`${name}${escape(text).replaceAll('\n', '  \n')}${note}`];
}

/** A fence longer than any inside. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${text}\n${fence}`;
}

/** Text that Markdown shows as it is, on its own line or in a cell. */
function escape(text: string): string {
  return text
    .replace(/[\\`*_[\]<>|~#&]/g, String.raw`\$&`)
    .replace(/^([ \t]*)([-+])(?=\s)/gm, String.raw`$1\$2`)
    .replace(/^([ \t]*\d{1,9})([.)])(?=\s)/gm, String.raw`$1\$2`);
}
