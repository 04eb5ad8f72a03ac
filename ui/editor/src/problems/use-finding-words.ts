import { explain, type Explanation } from '@wfm/shared/app';
import type { Diagnostic } from '@wfm/workflow-engine/models';
import { useMemo } from 'react';
import { useTranslations } from 'use-intl';

/** A finding in the page's language, by code and params; else in the checks' own words, marked as such (ux.md 2.8). */
export function useFindingWords(): (finding: Diagnostic) => Explanation {
  const words = useTranslations('findings');
  const severity = useTranslations('preview.problems');
  return useMemo(() => {
    // The keys are codes, which nobody knows before they come.
    const catalogue = {
      has: (key: string) => words.has(key as never),
      raw: (key: string) => String(words.raw(key as never)),
      say: (key: string, values: Record<string, string | number>) => words(key as never, values as never),
    };
    return ({ code, params, message, severity: grade }) =>
      explain({ code, params, detail: message }, catalogue, severity(`severity_${grade}`));
  }, [words, severity]);
}
