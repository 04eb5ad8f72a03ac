import { useFormatter, useTranslations } from 'use-intl';

export interface UsageFigures {
  input_tokens?: number;
  output_tokens?: number;
  total_tokens?: number;
  cost_usd?: number;
  calls?: number;
}

/** What something cost; a dash where nobody knows. */
export function Cost({ usage }: { usage: UsageFigures | null }) {
  const words = useTranslations('run.figures');
  const format = useFormatter();
  const cost = usage?.cost_usd;
  if (cost === undefined) return <span title={words('costUnknown')}>–</span>;
  const digits = cost !== 0 && cost < 0.1 ? 4 : 2;
  return <>{format.number(cost, { style: 'currency', currency: 'USD', maximumFractionDigits: digits })}</>;
}

/** How long something took: 840 ms, 3.2 s, 4 min 10 s. */
export function Duration({ ms }: { ms: number }) {
  const words = useTranslations('run.figures');
  if (ms < 1000) return <>{words('ms', { ms: Math.round(ms) })}</>;
  if (ms < 60_000) return <>{words('s', { seconds: Math.round(ms / 100) / 10 })}</>;
  return <>{words('min', { minutes: Math.floor(ms / 60_000), seconds: Math.round((ms % 60_000) / 1000) })}</>;
}

export function Tokens({ usage }: { usage: UsageFigures | null }) {
  const words = useTranslations('run.figures');
  if (usage?.input_tokens === undefined && usage?.output_tokens === undefined) return null;
  return <>{words('tokens', { input: usage.input_tokens ?? 0, output: usage.output_tokens ?? 0 })}</>;
}
