import { useQuery } from '@tanstack/react-query';
import { dataOf, productionApi } from '@wfm/shared/core';
import type { RunRow } from './run-api.ts';

export interface RunVersion {
  /** The version's number in its line; undefined for one that the line does not hold as such. */
  number: number | undefined;
  /** The newest version, where the run follows an older one. */
  newer: { versionId: string; number: number } | undefined;
  newestId: string | undefined;
}

/** Which version of its workflow the run follows, and whether there is a newer one. */
export function useRunVersion(run: RunRow | null, versionId: string): RunVersion {
  const template = run?.template_id ?? null;
  const { data } = useQuery({
    queryKey: ['versions', template],
    enabled: template !== null,
    staleTime: 30_000,
    queryFn: () =>
      dataOf(
        productionApi().GET('/workflow-templates/{template}/versions', {
          params: { path: { template: template ?? '' }, query: { limit: 200 } },
        }),
      ),
  });
  const newest = data?.items[0];
  const number = data?.items.find((version) => version.version_id === versionId)?.number;
  return {
    number,
    newestId: newest?.version_id,
    // A run of a version with execution groups follows one of its expansions, of which the line does not say which is newer.
    newer:
      newest && number !== undefined && newest.version_id !== versionId
        ? { versionId: newest.version_id, number: newest.number }
        : undefined,
  };
}
