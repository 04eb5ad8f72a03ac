import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import { isApiError, type Problem } from '../core/index.ts';

/** A refusal in words. */
export interface Explanation {
  title: string;
  text: string;
  /** True when the text is the server's own, in English. */
  verbatim: boolean;
  /** What to do, where the text does not say it. */
  next?: string;
}

type Told = Pick<Problem, 'code' | 'params'> & { title?: string; detail: string };

/**
 * By code and params in the page's language, else as the server says it (ux.md 2.8, U8). Takes anything thrown, and the
 * error that a run has ended with (format.md 24.1).
 */
export function useExplain(): (error: unknown) => Explanation {
  const words = useTranslations('errors');
  const failure = useTranslations('failure');
  return useMemo(() => {
    const catalogue: Catalogue = {
      // The keys are codes, which nobody knows before they come.
      has: (key) => words.has(key as never),
      raw: (key) => String(words.raw(key as never)),
      say: (key, values) => words(key as never, values as never),
    };
    return (error) => explain(toldOf(error), catalogue, failure('title'));
  }, [words, failure]);
}

/** The catalogue of messages, as far as an explanation needs it. */
export interface Catalogue {
  has: (key: string) => boolean;
  raw: (key: string) => string;
  say: (key: string, values: Record<string, string | number>) => string;
}

/** The catalogue's words for a refusal; without any, or where a param is missing that they speak of, the server's. */
export function explain(told: Told, catalogue: Catalogue, title: string): Explanation {
  const { code, detail } = told;
  const params: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(told.params)) {
    if (typeof value === 'string' || typeof value === 'number') params[name] = value;
  }
  const say = (part: string): string | undefined => {
    const key = `${code}.${part}`;
    if (!catalogue.has(key)) return undefined;
    const wanted = [...catalogue.raw(key).matchAll(/\{(\w+)/g)].map(([, name]) => name ?? '');
    return wanted.every((name) => Object.hasOwn(params, name)) ? catalogue.say(key, params) : undefined;
  };
  const named = Object.keys(params).map((name) => say(`with_${name}`));
  const text = named.find((found) => found !== undefined) ?? say('text');
  const next = text === undefined ? say('next') : undefined;
  return {
    title: say('title') ?? told.title ?? title,
    text: text ?? detail,
    verbatim: text === undefined,
    ...(next === undefined ? {} : { next }),
  };
}

function toldOf(error: unknown): Told {
  if (isApiError(error)) return error.problem;
  if (isStored(error)) return { ...error, detail: error.message };
  return { code: '', params: {}, detail: error instanceof Error ? error.message : String(error) };
}

function isStored(error: unknown): error is Pick<Problem, 'code' | 'params'> & { title: string; message: string } {
  return (
    !(error instanceof Error) && typeof error === 'object' && error !== null && 'code' in error && 'message' in error
  );
}
