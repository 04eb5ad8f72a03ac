import { errorCodes } from '@wfm/workflow-engine/errors';
import { createTranslator, IntlErrorCode } from 'use-intl/core';
import { describe, expect, test } from 'vitest';
import { ar } from './ar.ts';
import { en } from './en.ts';
import { pseudoMessages } from './pseudo.ts';

const catalogues = { en, ar, pseudo: pseudoMessages() };

describe('the words of the product', () => {
  test('every code that has words is one that the server can say, or one of the page’s own', () => {
    const known = new Set<string>([...errorCodes, 'offline', 'unexpected']);
    expect(Object.keys(en.errors).filter((code) => !known.has(code))).toEqual([]);
  });

  test.each(Object.keys(catalogues))('%s has the same keys, and its texts speak of the same things', (language) => {
    const english = new Map(textsOf(en));
    const texts = new Map(textsOf(catalogues[language as 'en']));
    expect([...texts.keys()].toSorted()).toEqual([...english.keys()].toSorted());
    for (const [key, text] of texts) {
      expect([key, [...gapsOf(text, language)]]).toEqual([key, [...gapsOf(english.get(key) ?? '', 'en')]]);
    }
  });
});

function textsOf(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  return Object.entries(value as object).flatMap(([key, item]) => textsOf(item, path === '' ? key : `${path}.${key}`));
}

/** What a message is told: a name in braces, which is no branch of a plural. Throws where it cannot be parsed. */
function gapsOf(text: string, language: string): Set<string> {
  const say = createTranslator({
    locale: language === 'pseudo' ? 'en' : language,
    messages: { text },
    onError(error) {
      // Nothing is handed in here, so that what is missing is no fault of the message.
      if (error.code !== IntlErrorCode.FORMATTING_ERROR) throw error;
    },
    getMessageFallback: () => '',
  });
  say('text');
  const names = [...text.matchAll(/(?<!(?:zero|one|two|few|many|other|=\d+)\s*)\{\s*(\w+)\s*[,}]/g)];
  return new Set(names.map(([, name]) => name ?? '').toSorted());
}
