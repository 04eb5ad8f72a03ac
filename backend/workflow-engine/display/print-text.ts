import { leafText, noteOf, partsOf, tableOf } from './print-tree.ts';
import type { ViewNode } from './view-model.ts';

/**
 * A view as plain text for a terminal: two spaces a level, items numbered as people count, tables aligned. Control
 * characters of the data are left out, so that no data steers the terminal.
 */
export function printText(root: ViewNode | null): string {
  return root === null ? '' : clean(lines(root, true).join('\n'));
}

/** All that is no character to print, but the new line. */
function clean(text: string): string {
  return text.replaceAll('\t', '  ').replace(/[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/gu, (character) => {
    return character === '\n' ? character : '';
  });
}

/** `isFlush`: what the node holds begins where its own head does. */
function lines(node: ViewNode, isFlush = false): string[] {
  if (node.kind === 'block') return [`[${node.label ?? node.block?.id ?? 'block'}]`];
  if (node.children === undefined) return leafLines(node);
  const { title, subtitle, badges, rest } = partsOf(node);
  const tags = badges.map((badge) => `[${badge}]`);
  const head = [title, ...tags, noteOf(node)].filter((part) => part !== '').join(' ');
  const body = node.kind === 'table' ? tableLines(node, rest) : rest.flatMap((child) => lines(child));
  const named = [...(head === '' ? [] : [head]), ...(subtitle === '' ? [] : [subtitle])];
  const held = numbered(node, body, rest);
  return [...named, ...(named.length === 0 || isFlush ? held : indent(held))];
}

/** Items of a list each begin with their number; of anything else, the body as it is. */
function numbered(node: ViewNode, body: string[], rest: readonly ViewNode[]): string[] {
  const isList = rest.length > 0 && rest.every(({ path }) => path.length > node.path.length && isIndex(path.at(-1)));
  if (!isList || node.kind === 'table') return body;
  return rest.flatMap((item) => {
    const number = `${Number(item.path.at(-1)) + 1}. `;
    const [first = '', ...more] = lines(item, true);
    const pad = ' '.repeat(number.length);
    return [number + first, ...more.map((line) => (line === '' ? '' : pad + line))];
  });
}

function isIndex(key: string | number | undefined): boolean {
  return typeof key === 'number';
}

function leafLines(node: ViewNode): string[] {
  const text = leafText(node);
  const note = noteOf(node);
  const [first = '', ...more] = text.split('\n');
  const last = note === '' ? [] : [note];
  if (node.label === undefined) return more.length === 0 ? [[first, ...last].join(' ')] : [first, ...more, ...last];
  if (more.length === 0) return [[`${node.label}: ${first}`, ...last].join(' ').trimEnd()];
  return [`${node.label}:`, ...indent([first, ...more, ...last])];
}

function tableLines(node: ViewNode, rest: readonly ViewNode[]): string[] {
  const table = tableOf(node);
  if (!table) return rest.flatMap((child) => lines(child));
  const { columns, rows } = table;
  const grid = [columns, ...rows.map((cells) => columns.map((column) => cells.get(column) ?? ''))];
  const widths = columns.map((_, index) =>
    grid.reduce((widest, row) => Math.max(widest, (row[index] ?? '').length), 0),
  );
  return grid.map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function indent(block: readonly string[]): string[] {
  return block.map((line) => (line === '' ? '' : `  ${line}`));
}
