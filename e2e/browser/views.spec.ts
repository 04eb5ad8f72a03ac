import { compileView, type ViewNode } from '@wfm/workflow-engine/display';
import fc from 'fast-check';
import { containers, leaves, nested } from './scenes/every-kind.ts';
import { expectNoViolations } from './support/axe.ts';
import { expect, test } from './support/stage.ts';

const name = fc.constantFrom('a', 'b', 'c', 'd');
const ui = fc.record(
  {
    as: fc.constantFrom(
      'stack',
      'grid',
      'list',
      'table',
      'sections',
      'panel',
      'gallery',
      'compare',
      'text',
      'badge',
      'wat',
    ),
    show: fc.constantFrom('yes', 'unwrap', 'no'),
    slot: fc.constantFrom('title', 'subtitle', 'media', 'badge', 'body', 'footer', 'aside'),
    text: fc.constantFrom('{{ value }}', '{{ broken'),
  },
  { requiredKeys: [] },
);
const { data } = fc.letrec((tie) => ({
  data: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom('some words', 1, true, null),
    fc.array(tie('data'), { maxLength: 3 }),
    fc.dictionary(name, tie('data'), { maxKeys: 3 }),
  ),
}));
const { schema } = fc.letrec((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3 },
    fc.record({ ui }, { requiredKeys: [] }),
    fc.record(
      { ui, properties: fc.dictionary(name, tie('schema'), { maxKeys: 3 }), items: tie('schema') },
      { requiredKeys: [] },
    ),
  ),
}));

const leavesOf = (node: ViewNode): string[] =>
  node.children
    ? node.children.flatMap(leavesOf)
    : [JSON.stringify(node.extra ? [...node.path, node.extra] : node.path)];

test('promise 1: every leaf of a tree of views is drawn once, whatever schema and data are', async ({
  stage,
  page,
}) => {
  await fc.assert(
    fc.asyncProperty(schema, data, async (drawn, given) => {
      const { root } = compileView({ schema: drawn, data: given });
      await stage.draw({ view: { data: given, schema: drawn } });
      const found = await page
        .locator('[data-leaf]')
        .evaluateAll((parts) => parts.map((part) => (part as HTMLElement).dataset['leaf'] ?? ''));
      expect(found.toSorted()).toEqual((root ? leavesOf(root) : []).toSorted());
    }),
    { numRuns: 150 },
  );
});

test('promise 2: an unknown kind and a template that fails are shown plainly, each with its warning', async ({
  stage,
  page,
}) => {
  await stage.draw({ view: leaves });
  await expect(page.getByText('seen as text')).toBeVisible();
  await expect(page.getByText('its view is unknown')).toHaveCount(1);
  await expect(page.getByText('A template of this part fails')).toHaveCount(1);
});

test('promise 3: what was asked looks the same when it can no longer be changed', async ({ stage, page }) => {
  const mask = [page.locator('[data-choice-control]')];
  const shown = async (disabled: boolean) => {
    await stage.draw({ view: nested, choice: { multi: true, chosen: [['mains', 1]], disabled } });
    await expect(page.locator('img').first()).toBeVisible();
    return page.locator('main').screenshot({ mask, animations: 'disabled' });
  };
  await shown(false);
  const open = await shown(false);
  const frozen = await shown(true);
  expect(open.equals(frozen)).toBe(true);
});

test('promise 5: a picture is called by the title of its item', async ({ stage, page }) => {
  await stage.draw({ view: containers('grid') });
  await expect(page.getByRole('button', { name: /Dal with spinach/ })).toHaveCount(1);
});

test('promise 6: Markdown makes no HTML and no link that runs', async ({ stage, page }) => {
  await stage.draw({ view: leaves });
  await expect(page.locator('.prose-view')).toContainText('never bold');
  await expect(page.locator('.prose-view b')).toHaveCount(0);
  const links = await page.locator('.prose-view a').evaluateAll((all) => all.map((link) => link.getAttribute('href')));
  expect(links).toEqual(['https://example.org/map', 'https://example.org/p.png']);
  await expect(page.locator('.prose-view img')).toHaveCount(0);
});

for (const scheme of ['light', 'dark'] as const) {
  test.describe(scheme, () => {
    test.use({ colorScheme: scheme });
    test(`G6 every kind of view has nothing grave in axe, ${scheme}`, async ({ stage, page }) => {
      for (const as of ['stack', 'table', 'tabs', 'sections', 'compare']) {
        await stage.draw({ view: containers(as) });
        await expectNoViolations(page);
      }
      await stage.draw({ view: leaves });
      await expectNoViolations(page);
    });
  });
}
