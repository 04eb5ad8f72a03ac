import { describe, expect, test } from 'vitest';
import { createTranslator } from 'use-intl/core';
import { en } from '../core/messages/en.ts';
import { type Catalogue, explain } from './explain.ts';

const words = createTranslator({ locale: 'en', messages: en, namespace: 'errors' });
const catalogue: Catalogue = {
  has: (key) => words.has(key as never),
  raw: (key) => String(words.raw(key as never)),
  say: (key, values) => words(key as never, values as never),
};
const told = (code: string, params: Record<string, unknown> = {}) =>
  explain({ code, params, title: 'Said by the server', detail: 'In its own words.' }, catalogue, 'That did not work');

describe('a refusal in words (ux.md 2.8)', () => {
  test('the catalogue’s by code', () => {
    expect(told('run_ended')).toEqual({
      title: 'The run has ended',
      text: 'Start another, or go back to an earlier step of a finished one.',
      verbatim: false,
    });
  });

  test('by a param that it has', () => {
    expect(told('rate_limited', { seconds: 1 }).text).toBe('Wait 1 second, then try again.');
    expect(told('rate_limited', { seconds: 30 }).text).toBe('Wait 30 seconds, then try again.');
    expect(told('rate_limited').text).toBe('Wait a moment, then try again.');
    expect(told('conflict', { project_name: 'Café' }).text).toContain('“Café”');
  });

  test('where the catalogue has no sentence, the server’s own, and what to do after it', () => {
    expect(told('llm_auth')).toEqual({
      title: 'The model’s provider refused the key',
      text: 'In its own words.',
      verbatim: true,
      next: 'Whoever runs the server has to check it.',
    });
    expect(told('conflict')).toMatchObject({ text: 'In its own words.', verbatim: true });
  });

  test('a code that this build does not know is told as the server tells it', () => {
    expect(told('brand_new')).toEqual({ title: 'Said by the server', text: 'In its own words.', verbatim: true });
    expect(told('constructor').title).toBe('Said by the server');
  });

  test('a param that is no text or number fills no gap', () => {
    expect(told('conflict', { project_name: ['a'] })).toMatchObject({ text: 'In its own words.' });
  });
});
