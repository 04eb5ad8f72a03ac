import { compareText } from '../store-rules.ts';
import { type UsageScope, type UsageStore, type UsageTime, usageKeysPerScope } from '../usage-store.ts';
import { joinKey, type MemoryState } from './state.ts';

/** `UsageStore` in memory. */
export function memoryUsage(state: MemoryState): UsageStore {
  return {
    async touch({ scope, keys, at }) {
      const times = new Map(state.usage.get(usageScopeKey(scope))?.times);
      for (const key of keys) {
        const known = times.get(key);
        if (known === undefined || known < at) times.set(key, at);
      }
      if (times.size === 0) return;
      state.usage.set(usageScopeKey(scope), { scope: { ...scope }, times: newest(times) });
    },
    async lastUsed({ scope, keys }) {
      const times = state.usage.get(usageScopeKey(scope))?.times;
      const found = new Map<string, string>();
      for (const key of keys) {
        const time = times?.get(key);
        if (time !== undefined) found.set(key, time);
      }
      return found;
    },
    async ofTemplate({ userId, templateId }) {
      const known = [...state.usage.values()].filter(
        ({ scope }) => scope.userId === userId && scope.templateId === templateId,
      );
      return known
        .flatMap(({ scope: { stepId, moduleName }, times }) =>
          Array.from(times, ([key, at]): UsageTime => ({ stepId, moduleName, key, at })),
        )
        .sort(
          (a, b) =>
            compareText(a.stepId, b.stepId) || compareText(a.moduleName, b.moduleName) || compareText(a.key, b.key),
        );
    },
  };
}

export function usageScopeKey({ userId, templateId, stepId, moduleName }: UsageScope): string {
  return joinKey(userId, templateId, stepId, moduleName);
}

function newest(times: Map<string, string>): Map<string, string> {
  if (times.size <= usageKeysPerScope) return times;
  const sorted = [...times].sort(([a, first], [b, second]) => compareText(second, first) || compareText(a, b));
  return new Map(sorted.slice(0, usageKeysPerScope));
}
