import { describe, expect, it } from 'vitest';
import { askModule, moduleContext } from '../testing/module-context.ts';
import { userPause } from './pause.ts';

describe('user.pause', () => {
  it('14.1 asks to go on', async () => {
    const asked = await askModule(userPause, {});
    expect(asked.draft).toEqual({
      interaction_type: 'confirm',
      title: '1. Step',
      message: 'Continue?',
      yes_label: 'Continue',
    });
    expect(await asked.complete({})).toEqual({ confirmed: true });
    expect(asked.sample()).toEqual({ value: '' });
  });

  it('14.1 shows chosen state values, 1000 characters each, and the rendered test template', async () => {
    const test = moduleContext({ state: { city: 'Porto', long: 'x'.repeat(2000), rows: [1] } });
    const asked = await askModule(
      userPause,
      { show_state: ['city', 'long', 'rows', 'none', 'toString'], jinja2_test: 'Hi' },
      test,
    );
    expect(asked.draft.data).toEqual({
      state: { city: 'Porto', long: `${'x'.repeat(1000)}…`, rows: '[\n  1\n]', none: '', toString: '' },
      jinja2_test: 'Hi',
    });
  });

  it('14.1 shows generated contents as they are, so that they are seen and heard; null is nothing', async () => {
    const picture = { content_id: 'c', url: '/workflow/r/media/c', mime: 'image/png' };
    const test = moduleContext({ state: { picture, several: [picture, picture], none: null } });
    const asked = await askModule(userPause, { show_state: ['picture', 'several', 'none'] }, test);
    expect(asked.draft.data).toEqual({ state: { picture, several: [picture, picture], none: '' } });
  });

  it('10.6 reads the shown state values', () => {
    expect(userPause.reads?.({ show_state: ['a', 'b'] }, { a: 1, c: 2 })).toEqual({ a: 1, b: null });
    expect(userPause.readsState?.({ show_state: ['a', 5] })).toEqual(['a']);
  });
});
