import { useQuery } from '@tanstack/react-query';
import { dataOf, productionApi } from '@wfm/shared/core';
import { readEvents } from './run-api.ts';
import { runKey } from './use-run.ts';

type Inputs = Record<string, unknown>;

/** What a module was given when it was last begun, resolved. `startedSeq` is where the log says so. */
export function useModuleInputs(
  runId: string,
  place: { branchId: string; stepId: string; moduleName: string; startedSeq: number },
) {
  const { branchId, stepId, moduleName, startedSeq } = place;
  return useQuery({
    queryKey: runKey(runId, 'inputs', branchId, String(startedSeq)),
    staleTime: Number.POSITIVE_INFINITY,
    async queryFn(): Promise<Inputs | null> {
      const page = await readEvents(runId, { after: startedSeq - 1, limit: 1 });
      const event = page.items[0] as { type?: string; data?: { inputs?: Inputs; inputs_ref?: unknown } } | undefined;
      // A module whose inputs could not be resolved never began.
      if (event?.type !== 'module_started') return null;
      if (event.data?.inputs_ref === undefined) return event.data?.inputs ?? {};
      // What is too large for the log is read with the state, which reads it back.
      const state = await dataOf(productionApi().GET('/workflow/{run}/state', { params: { path: { run: runId } } }));
      const module = (state.steps as Record<string, Record<string, Record<string, { inputs?: Inputs }>>>)[stepId];
      const starts = Object.entries(module?.[moduleName] ?? {}).filter(([name]) => name.startsWith('module_started'));
      return starts.at(-1)?.[1].inputs ?? null;
    },
  });
}

/** JSON Schema of the inputs of each module; it changes with the program only. */
export function useModuleSchemas() {
  return useQuery({
    queryKey: ['modules'],
    queryFn: () => dataOf(productionApi().GET('/modules')),
    staleTime: Number.POSITIVE_INFINITY,
    select: ({ items }) => new Map(items.map((item) => [item.module_id, item])),
  });
}
