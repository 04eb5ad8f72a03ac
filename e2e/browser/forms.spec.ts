import type { CDPSession, Page } from '@playwright/test';
import { form } from './scenes/every-kind.ts';
import { expectNoViolations } from './support/axe.ts';
import { expect, test } from './support/stage.ts';

const values = (page: Page) => page.evaluate(() => globalThis.stage.form()?.values ?? {});

test('U5 promise 5: labels, help and faults are tied to their fields, groups are fieldsets', async ({
  stage,
  page,
}) => {
  await stage.draw({ form: { schema: form, errors: [{ field: 'title', message: 'It is needed.' }] } });
  const title = page.getByRole('textbox', { name: /^Title/ });
  await expect(title).toHaveAccessibleDescription(/As it will stand on the card\..*It is needed\./s);
  await expect(title).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByRole('group', { name: 'Size' }).getByRole('radio')).toHaveCount(3);
  await expect(page.getByRole('group', { name: 'Address' }).getByRole('textbox')).toHaveCount(3);
  await expect(page.getByRole('combobox', { name: 'Country' }), 'more than 12 options').toHaveAttribute('type', 'text');
  await expectNoViolations(page);
});

test('U5 promise 2: an input that does not exist or does not fit is a plain one, and says so', async ({
  stage,
  page,
}) => {
  const schema = {
    type: 'object',
    properties: {
      odd: { type: 'string', ui: { input: 'mind-reader' } },
      wrong: { type: 'string', ui: { input: 'checks' } },
    },
  };
  await stage.draw({ form: { schema } });
  await page.getByRole('textbox', { name: 'Odd' }).fill('text');
  await page.getByRole('textbox', { name: 'Wrong' }).fill('text too');
  expect(await values(page)).toEqual({ odd: 'text', wrong: 'text too' });
  await expect(page.getByText('its view is unknown')).toBeVisible();
  await expect(page.getByText('does not fit the value')).toBeVisible();
});

test('U5 options follow what they depend on, conditional fields come and go, a value has two editors', async ({
  stage,
  page,
}) => {
  const models = [
    { key: 'a', styles: ['ink', 'oil'] },
    { key: 'b', styles: ['film'] },
  ];
  const schema = {
    type: 'object',
    properties: {
      model: { type: 'string', ui: { options: { from: models, value: 'key', label: '{{ item.key }}', pick: 0 } } },
      style: { type: 'string', ui: { options: { from: 'selected.model.styles', pick: 0 } } },
      grain: {
        type: 'string',
        ui: { when: { show: { properties: { value: { properties: { model: { const: 'b' } } } } } } },
      },
      size: form.properties.resolution,
    },
  };
  await stage.draw({ form: { schema } });
  await page.getByLabel('Model').selectOption({ label: 'b' });
  await expect(page.getByLabel('Style').locator('option', { hasText: 'film' })).toHaveCount(1);
  await expect(page.getByLabel('Grain')).toBeVisible();
  await page.getByLabel('Model').selectOption({ label: 'a' });
  await expect(page.getByLabel('Grain')).toBeHidden();
  expect(await values(page)).toMatchObject({ model: 'a', style: 'ink' });
  await page.getByLabel('Width and height').check();
  await page.getByRole('textbox', { name: 'W', exact: true }).fill('640');
  await page.getByRole('textbox', { name: 'H', exact: true }).fill('480');
  expect(await values(page)).toMatchObject({ size: '640x480' });
});

test('U5 rows of a list are added, moved and taken away by keys; numbers stay numbers', async ({ stage, page }) => {
  const schema = {
    type: 'object',
    properties: {
      steps: { type: 'array', items: { type: 'string' }, ui: { input: 'list' } },
      sizes: { type: 'array', items: { type: 'integer' } },
    },
  };
  await stage.draw({ form: { schema } });
  await page.getByRole('group', { name: 'Steps' }).getByRole('button', { name: 'Add' }).press('Enter');
  await page.keyboard.type('boil');
  await page.keyboard.press('Enter');
  await page.keyboard.type('serve');
  expect(await values(page)).toMatchObject({ steps: ['boil', 'serve'] });
  await page.keyboard.press('Alt+ArrowUp');
  expect(await values(page)).toMatchObject({ steps: ['serve', 'boil'] });
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.press('Backspace');
  await page.keyboard.press('Backspace');
  expect(await values(page)).toMatchObject({ steps: ['boil'] });
  await page.getByRole('group', { name: 'Sizes' }).getByRole('button', { name: 'Add' }).click();
  await page.keyboard.type('512');
  expect(await values(page)).toMatchObject({ sizes: [512] });
});

test('U5 numbers take the decimal mark of the language, and a point as well', async ({ stage, page }) => {
  await stage.open('ar');
  const schema = { type: 'object', properties: { price: { type: 'number' } } };
  await stage.draw({ form: { schema } });
  const box = page.getByRole('textbox', { name: 'Price' });
  for (const typed of ['1.5', '١٫٥']) {
    await box.fill(typed);
    expect(await values(page)).toEqual({ price: 1.5 });
  }
});

test('U5 G2 promise 4: a key in a form of 120 fields draws at most three components', async ({ stage, page }) => {
  const properties = Object.fromEntries(
    Array.from({ length: 120 }, (_, index) => [`field_${index}`, { type: 'string' }]),
  );
  await stage.draw({ form: { schema: { type: 'object', properties } } });
  const field = page.getByRole('textbox', { name: 'Field 60' });
  await field.fill('a');
  await stage.renders.reset();
  await field.press('b');
  const drawn = await stage.renders.again();
  expect(drawn.length, drawn.join(' ')).toBeLessThanOrEqual(3);
  expect(drawn.length).toBeGreaterThan(0);
});

test('U5 U8 the page judges by the server’s validator, in a worker', async ({ page, stage }) => {
  await stage.draw({ form: { schema: form } });
  const check = (schema: object, value: unknown) =>
    page.evaluate(([asked, given]) => globalThis.stage.checkAnswer(asked, given), [schema, value] as const);
  const schema = { type: 'object', required: ['a'], properties: { a: { type: 'string', pattern: '^x+$' } } };
  expect(await check(schema, { a: 'xx' })).toEqual({ faults: [] });
  expect((await check(schema, { a: 'y' }))?.faults).toMatchObject([{ path: 'a' }]);
  expect((await check(schema, {}))?.faults).toMatchObject([{ path: 'a' }]);
});

/** Types by an input method: what is composed is shown, then taken by Enter. */
async function compose(client: CDPSession, syllables: string, text: string): Promise<void> {
  await client.send('Input.imeSetComposition', {
    text: syllables,
    selectionStart: syllables.length,
    selectionEnd: syllables.length,
  });
  // As an input method has it: the key is told, and nobody but the input method acts on it.
  const key = { key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 229 };
  await client.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...key });
  await client.send('Input.insertText', { text });
  await client.send('Input.dispatchKeyEvent', { type: 'keyUp', ...key });
}

for (const [name, schema, expected] of [
  ['text', { type: 'string' }, '日本語'],
  ['textarea', { type: 'string', ui: { input: 'textarea' } }, '日本語'],
  ['tags', { type: 'array', items: { type: 'string' } }, ['日本語']],
  ['list', { type: 'array', items: { type: 'string' }, ui: { input: 'list' } }, ['日本語']],
] as const) {
  test(`U25 composed Japanese in a field for ${name} is one text, and its Enter ends nothing`, async ({
    stage,
    page,
  }) => {
    await stage.draw({ form: { schema: { type: 'object', properties: { word: schema } } } });
    if (name === 'list') await page.getByRole('button', { name: 'Add' }).click();
    else await page.getByRole('textbox', { name: /^Word/ }).focus();
    const client = await page.context().newCDPSession(page);
    await compose(client, 'にほんご', '日本語');
    if (name === 'tags') await page.keyboard.press('Enter');
    await expect.poll(() => values(page)).toEqual({ word: expected });
  });
}
