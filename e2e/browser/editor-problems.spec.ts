import { definition } from './support/definitions.ts';
import { openTab, ownWorkflow, previewSettles } from './support/previewed.ts';
import { expect, expectNoViolations, test } from './support/test.ts';

const misspelt = definition('misspelt', [
  {
    name: 'Ask',
    modules: [
      {
        module_id: 'user.text_input',
        name: 'subject',
        inputs: { prompt: 'About?' },
        outputs_to_state: { value: 'topic' },
      },
      {
        module_id: 'api.llm',
        name: 'draft',
        inputs: { input: 'Write about {{ state.topik }}.' },
        outputs_to_state: { response: 'text' },
      },
    ],
  },
]);

test('E15 the problems list tells what, where and what was meant, and leads there', async ({ page, person }) => {
  const id = await ownWorkflow(person, misspelt);
  await page.goto(`/editor/w/${id}`);
  await openTab(page, 'Problems');
  const problem = page.getByRole('region', { name: 'Problems' }).locator('[data-code="state_key_unknown"]');
  await expect(problem).toContainText('Nothing has written “topik”');
  await expect(problem).toContainText('Did you mean “topic”?');
  await problem.click();
  await openTab(page, 'Preview');
  await expect(page.locator('[data-module="s1/draft"] [aria-current="true"]')).toBeVisible();
});

test('E15 what was meant is put in its place by one press, and then the list is empty', async ({ page, person }) => {
  await page.goto(`/editor/w/${await ownWorkflow(person, misspelt)}`);
  await openTab(page, 'Problems');
  const problems = page.getByRole('region', { name: 'Problems' });
  await problems.getByRole('button', { name: 'Use “topic”' }).click();
  await expect(problems.getByText('Ready to publish')).toBeVisible();
  await expectNoViolations(page, 'section[aria-label="Problems"]');
});

test('E15 a worker that hangs is ended after two seconds, begun anew, and the list says so', async ({
  page,
  person,
}) => {
  // The first worker hears nothing of what it is told.
  await page.addInitScript(() => {
    const { Worker: Real } = globalThis;
    let made = 0;
    globalThis.Worker = class extends Real {
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options);
        if (options?.name === 'wfm-checks' && made++ === 0) this.postMessage = () => undefined;
      }
    };
  });
  await page.goto(`/editor/w/${await ownWorkflow(person, misspelt)}`);
  await openTab(page, 'Problems');
  const problems = page.getByRole('region', { name: 'Problems' });
  await expect(problems.getByText('The checks took too long, and were started again')).toBeVisible();
  await problems.getByRole('button', { name: 'Check again' }).click();
  await expect(problems.locator('[data-code="state_key_unknown"]')).toBeVisible();
  await expect(problems.getByText('The checks took too long, and were started again')).toBeHidden();
});

test.describe('in Arabic', () => {
  test.use({ language: 'ar' });
  test('E15 E23 the same finding in the page’s language', async ({ page, person }) => {
    await page.goto(`/editor/w/${await ownWorkflow(person, misspelt)}`);
    await page.getByRole('tab', { name: 'المشكلات' }).click();
    const problem = page.locator('[data-code="state_key_unknown"]');
    await expect(problem).toContainText('لم يكتب شيء «topik» في الحالة حتى ذلك الحين.');
    await expect(problem).toContainText('أتقصد «topic»؟');
  });
});

test.describe('in the dark', () => {
  test.use({ colorScheme: 'dark' });
  test('E14 E15 E21 E22 problems, state and log are readable for everybody', async ({ page, person }) => {
    await page.goto(`/editor/w/${await ownWorkflow(person, misspelt)}`);
    await previewSettles(page);
    await openTab(page, 'Problems');
    await expect(page.locator('[data-code="state_key_unknown"]')).toBeVisible();
    await openTab(page, 'State');
    await page.getByRole('treeitem', { name: /^topic/ }).click();
    await expect(page.getByRole('region', { name: 'topic' })).toBeVisible();
    await expectNoViolations(page);
    await openTab(page, 'Log');
    await page.locator('[data-log="s1/subject"] summary').first().click();
    await expectNoViolations(page);
  });
});
