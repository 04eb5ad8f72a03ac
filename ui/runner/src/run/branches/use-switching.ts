import { useEffect, useRef, useState } from 'react';
import { switchBranch } from '../model/run-api.ts';
import { useLiveRun } from '../model/use-run.ts';
import type { RunAddress } from '../run-address.ts';

export interface Switching {
  /** The branch that is being switched to. */
  to: string | null;
  error: unknown;
  switchTo: (branchId: string) => void;
  /** The address names another branch than the run's current one. */
  named: string | undefined;
  /** Leaves the address' branch alone. */
  stay: () => void;
}

/** Going to another branch. The address follows the run; one that names another branch asks first, as links change nothing. */
export function useSwitching(branchId: string, address: RunAddress): Switching {
  const { runId, feed } = useLiveRun();
  const [to, setTo] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const { b, set } = address;
  const earlier = useRef(branchId);
  useEffect(() => {
    if (earlier.current === branchId) return;
    earlier.current = branchId;
    setTo(null);
    set({ b: branchId, i: undefined });
  }, [branchId, set]);
  return {
    to,
    error,
    switchTo(target) {
      setTo(target);
      setError(null);
      switchBranch(runId, target).then(
        () => feed.commanded(),
        (thrown: unknown) => {
          setTo(null);
          setError(thrown);
        },
      );
    },
    named: b !== undefined && b !== branchId && to === null ? b : undefined,
    stay: () => set({ b: undefined }),
  };
}
