import { describe, expect, it } from 'vitest';
import { printMarkdown } from './print-markdown.ts';
import { printText } from './print-text.ts';
import { compileView } from './view-tree.ts';

const schema = {
  type: 'object',
  title: 'Menu',
  properties: {
    dishes: {
      type: 'array',
      items: {
        type: 'object',
        ui: { extra: { time: { text: '{{ cook }} min', slot: 'badge' } } },
        properties: { name: { ui: { slot: 'title' } }, cook: { ui: { show: 'no' } }, steps: { title: 'Steps' } },
      },
    },
    prices: { type: 'array', ui: { as: 'table' }, items: { properties: { what: {}, cost: { title: 'Price' } } } },
    note: { ui: { as: 'hologram' } },
  },
};
const data = {
  dishes: [
    { name: 'Dal', cook: 30, steps: ['wash', 'boil'] },
    { name: 'Soup *hot*', cook: 5, steps: ['boil'] },
  ],
  prices: [
    { what: 'Dal', cost: 7 },
    { what: 'Leek | soup', cost: 12.5 },
  ],
  note: 'two\nlines',
};
const { root } = compileView({ schema, data });

describe('18.1 printing a view', () => {
  it('18.1 as text: numbered items, aligned tables, marks in sight', () => {
    expect(printText(root)).toBe(
      [
        'Menu',
        'Dishes',
        '  1. Dal [30 min]',
        '     Steps',
        '       1. wash',
        '       2. boil',
        '  2. Soup *hot* [5 min]',
        '     Steps',
        '       1. boil',
        'Prices',
        '  What         Price',
        '  Dal          7',
        '  Leek | soup  12.5',
        'Note:',
        '  two',
        '  lines',
        '  (! unknown view kind)',
      ].join('\n'),
    );
  });

  it('18.1 as Markdown: headings, lists, tables, everything else escaped', () => {
    expect(printMarkdown(root)).toBe(
      [
        '# Menu',
        '## Dishes',
        '### Dal `30 min`',
        '#### Steps',
        '- wash\n- boil',
        String.raw`### Soup \*hot\* ${'`5 min`'}`,
        '#### Steps',
        '- boil',
        '## Prices',
        String.raw`| What | Price |${'\n'}|---|---|${'\n'}| Dal | 7 |${'\n'}| Leek \| soup | 12.5 |`,
        '**Note:** two  \nlines *(! unknown view kind)*',
      ].join('\n\n') + '\n',
    );
  });

  it('18.1 data cannot steer a terminal', () => {
    const printed = printText(compileView({ schema: {}, data: { a: 'x\u001b[2J\u0007\u202Ey\u009b' } }).root);
    expect(printed).toBe('A: x[2Jy');
  });

  it('18.7 every text of the data is printed once', () => {
    for (const printed of [printText(root), printMarkdown(root)]) {
      for (const text of ['wash', '30 min', '12.5', 'lines', 'hot']) expect(printed.split(text)).toHaveLength(2);
    }
    expect([printText(null), printMarkdown(null)]).toEqual(['', '']);
  });
});
