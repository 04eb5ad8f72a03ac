import { useQuery } from '@tanstack/react-query';
import { dataOf, productionApi } from '../../core/index.ts';

export interface MediaProvider {
  provider: string;
  title: string;
  /** There is a key. */
  configured: boolean;
  reason?: string;
  models: { model: string; title: string; action: string; params: { properties?: Record<string, unknown> } }[];
}

/** Who makes media, as the server knows them; none until they are read. */
export function useProviders(): readonly MediaProvider[] {
  const { data } = useQuery({
    queryKey: ['media-providers'],
    staleTime: 5 * 60_000,
    queryFn: async () => (await dataOf(productionApi().GET('/providers'))).items as MediaProvider[],
  });
  return data ?? [];
}
