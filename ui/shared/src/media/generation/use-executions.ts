import { useEffect, useState } from 'react';
import { newId } from '../../core/ids.ts';
import type { Execution } from '../../interaction/host.ts';
import type { GenerationHost } from './generation-types.ts';

const ORDERED = 'ordered-';

/** True once the server knows of an execution: before that there is nothing to cancel. */
export const isKnown = ({ executionId }: Execution): boolean => !executionId.startsWith(ORDERED);

/** Executions as the host tells of them, and those that were ordered a moment ago, which it does not know yet. */
export function useExecutions(host: GenerationHost): {
  executions: readonly Execution[];
  order: (wanted: Parameters<GenerationHost['startSubAction']>[0], expected: number) => Promise<void>;
} {
  const [fresh, setFresh] = useState<readonly Execution[]>([]);
  const known = new Set(host.executions.map(({ executionId }) => executionId));
  const order = async (wanted: Parameters<GenerationHost['startSubAction']>[0], expected: number): Promise<void> => {
    const mark = `${ORDERED}${newId()}`;
    const execution: Execution = {
      executionId: mark,
      subActionId: wanted.sub_action_id,
      expected,
      message: '',
      startedAt: Date.now(),
      status: 'running',
      params: wanted.params,
    };
    setFresh((list) => [...list, execution]);
    try {
      const { execution_id: executionId, expected: said = expected } = await host.startSubAction(wanted);
      setFresh((list) => list.map((one) => (one.executionId === mark ? { ...one, executionId, expected: said } : one)));
    } catch (error) {
      setFresh((list) => list.filter(({ executionId }) => executionId !== mark));
      throw error;
    }
  };
  return { executions: [...host.executions, ...fresh.filter(({ executionId }) => !known.has(executionId))], order };
}

/** The time, told again every second while it matters. */
export function useClock(isRunning: boolean): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!isRunning) return undefined;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [isRunning]);
  return now;
}

/** How long executions like this one took, in ms: the median; undefined before the first has ended. */
export function typicalMs(executions: readonly Execution[], provider: unknown): number | undefined {
  const times = executions
    .filter(({ status, params }) => status === 'completed' && params?.['provider'] === provider)
    .map(({ startedAt, endedAt = startedAt }) => endedAt - startedAt)
    .filter((time) => time > 0)
    .sort((a, b) => a - b);
  return times[Math.floor(times.length / 2)];
}
