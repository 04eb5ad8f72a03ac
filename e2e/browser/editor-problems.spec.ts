import { definition } from './support/definitions.ts';
import { openTab, ownWorkflow } from './support/previewed.ts';
import { expect, test } from './support/test.ts';

const misspelt = definition('misspelt', [
  {
    name: 'Ask',
    modules: [
      {
        module_id: 'user.text_input',
        name: 'subject',
        inputs: { prompt: 'About?' },
        outputs_to_state: { value: 'subject' },
      },
      {
        module_id: 'api.llm',
        name: 'draft',
        inputs: { input: 'Write about {{ state.subjekt }}.' },
        outputs_to_state: { response: 'draft' },
      },
    ],
  },
]);

test('E15 the problems list tells what, where and what was meant, and leads there', async ({ page, person }) => {
  const id = await ownWorkflow(person, misspelt);
  await page.goto(`/editor/w/${id}`);
  await openTab(page, 'Problems');
  const problem = page.getByRole('region', { name: 'Problems' }).locator('[data-code="state_key_unknown"]');
  await expect(problem).toContainText('Nothing has written “subjekt”');
  await expect(problem).toContainText('Did you mean “subject”?');
  await problem.click();
  await openTab(page, 'Preview');
  await expect(page.locator('[data-module="s1/draft"] [aria-current="true"]')).toBeVisible();
});
