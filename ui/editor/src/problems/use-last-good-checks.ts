import { useEffect, useRef } from 'react';
import type { CheckState } from '../workbench/workbench.ts';

/** The newest checks that came to an end: what they found stays in sight while a later check hangs. */
export function useLastGoodChecks(newest: CheckState | null): CheckState | null {
  const good = useRef<CheckState | null>(null);
  const isGood = newest !== null && !('failed' in newest.checked);
  useEffect(() => {
    if (isGood) good.current = newest;
  }, [newest, isGood]);
  return isGood ? newest : good.current;
}
