import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useFormatter, useTranslations } from 'use-intl';
import type { Estimate, EstimateWanted, GenerationHost } from './generation-types.ts';

const SETTLE_MS = 400;

/** What a press of the button would give and cost, once nobody types any more. */
export function EstimateLine({
  host,
  wanted,
  times,
}: {
  host: GenerationHost;
  wanted: EstimateWanted;
  /** How many requests the press makes. */
  times: number;
}) {
  const words = useTranslations('media');
  const format = useFormatter();
  const text = useSettled(JSON.stringify(wanted));
  const { data, error } = useQuery({
    queryKey: ['media-estimate', host.place, text],
    enabled: host.estimate !== undefined,
    staleTime: 60_000,
    retry: false,
    placeholderData: keepPreviousData,
    queryFn: async () => (await host.estimate?.(JSON.parse(text))) as Estimate,
  });
  if (error || !data) return null;
  const { cost, basis, output = {}, notes } = data;
  const amount = cost && Number(cost.amount) * times;
  const parts = [
    output.count === undefined ? undefined : words('estimateCount', { count: output.count * times }),
    output.width === undefined || output.height === undefined ? undefined : `${output.width} × ${output.height}`,
    output.seconds === undefined ? undefined : words('estimateSeconds', { seconds: output.seconds }),
    basis === 'free'
      ? words('free')
      : amount === null
        ? words('costUnknown')
        : cost?.unit === 'USD'
          ? words('costs', {
              amount: format.number(amount, { style: 'currency', currency: 'USD', maximumFractionDigits: 4 }),
            })
          : words('costsCredits', { amount }),
  ].filter((part) => part !== undefined);
  return (
    <div className="grid gap-0.5 text-sm text-ink-soft" data-estimate>
      <p>{parts.join(' · ')}</p>
      {notes.map((note) => (
        <p key={note} className="text-xs" data-content dir="auto">
          {note}
        </p>
      ))}
    </div>
  );
}

/** A text once it has not changed for a moment. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
