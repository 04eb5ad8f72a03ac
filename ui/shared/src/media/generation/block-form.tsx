import { type FormState, startForm } from '@wfm/workflow-engine/display';
import { isJsonObject } from '@wfm/workflow-engine/models';
import { KeyRound, Sparkles, TriangleAlert } from 'lucide-react';
import { lazy, Suspense, useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import { ErrorCard } from '../../app/error-card.tsx';
import { Button } from '../../components/button.tsx';
import { Notice } from '../../components/surfaces.tsx';
import { SchemaForm } from '../../schema/index.ts';
import type { BlockSource } from './block-source.ts';
import { EstimateLine } from './estimate-line.tsx';
import { useGeneration } from './generation-context.ts';
import { estimateOf, type OrderInput, ordersOf } from './orders.ts';
import { sourcePicture } from './source-picture.ts';
import type { MediaProvider } from './use-providers.ts';

const CropField = lazy(() => import('../crop-field.tsx').then((file) => ({ default: file.CropField })));

/** A block's form and its button, with what a press would give and cost. */
export function BlockForm({ block }: { block: BlockSource }) {
  const words = useTranslations('media');
  const { request, host, providers, disabled, draftOf, keep, order } = useGeneration();
  const draft = draftOf(block);
  const started = useMemo(() => (block.form ? startForm(block.form) : undefined), [block.form]);
  const form = draft.form ?? started;
  const actionType = request.action_type;
  const able = providers.filter(({ models }) => models.some(({ action }) => action === actionType));
  const provider = block.provider ?? draft.provider ?? able[0]?.provider ?? '';
  const info = providers.find((one) => one.provider === provider);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const source = useMemo(() => sourcePicture(request, host.place), [request, host.place]);
  const crop = draft.crop ?? null;
  const input: OrderInput = { block, form, provider, crop: source ? crop : null, actionType, providers };
  const { feedback = '' } = draft;
  const press = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      await order(block, ordersOf(input), feedback.trim() === '' ? undefined : feedback);
      if (feedback !== '') keep(block, { feedback: '' });
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  if (block.retired) return <Retired block={block} providers={providers} />;
  return (
    <div className="grid gap-4">
      {block.provider === undefined ? (
        <ProviderField able={able} value={provider} onChange={(id) => keep(block, { provider: id })} />
      ) : null}
      {info && !info.configured ? (
        <Notice
          tone="warn"
          icon={<KeyRound aria-hidden className="size-5" />}
          title={words('notConfigured', { name: info.title })}
        >
          <p data-content dir="auto">
            {info.reason}
          </p>
        </Notice>
      ) : null}
      {block.form && form ? (
        <SchemaForm
          schema={block.form.schema}
          data={block.form.data}
          initial={form}
          version={draft.version ?? 0}
          onChange={(next: FormState) => keep(block, { form: next })}
          disabled={disabled}
        />
      ) : null}
      {source ? (
        <Suspense>
          <CropField
            url={source.url}
            alt={words('sourcePicture')}
            label={words('cropSource')}
            value={crop}
            onChange={(region) => keep(block, { crop: region })}
            disabled={disabled}
          />
        </Suspense>
      ) : null}
      {feedbackOf(block) === undefined ? null : (
        <label className="grid gap-1 text-sm font-medium">
          <span data-content dir="auto">
            {feedbackOf(block) || words('feedback')}
          </span>
          <textarea
            dir="auto"
            rows={2}
            value={feedback}
            onChange={(event) => keep(block, { feedback: event.target.value })}
            disabled={disabled}
            className="field-sizing-content min-h-16 rounded-md border border-line-strong bg-surface px-3 py-2 font-normal text-ink"
          />
        </label>
      )}
      {error ? <ErrorCard error={error} onRetry={() => void press()} /> : null}
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Button
          icon={<Sparkles aria-hidden className="size-4 text-accent" />}
          busy={isBusy}
          disabled={disabled}
          onClick={() => void press()}
        >
          <ButtonText block={block} />
        </Button>
        {info?.configured === false ? null : (
          <EstimateLine host={host} wanted={estimateOf(input)} times={ordersOf(input).length} />
        )}
      </div>
    </div>
  );
}

function ProviderField({
  able,
  value,
  onChange,
}: {
  able: readonly MediaProvider[];
  value: string;
  onChange: (id: string) => void;
}) {
  const words = useTranslations('media');
  return (
    <label className="grid max-w-sm gap-1 text-sm font-medium">
      {words('provider')}
      <select
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="min-h-11 rounded-md border border-line-strong bg-surface px-3 font-normal text-ink"
      >
        {able.map(({ provider, title }) => (
          <option key={provider} value={provider}>
            {title}
          </option>
        ))}
      </select>
    </label>
  );
}

function ButtonText({ block: { subAction } }: { block: BlockSource }) {
  const words = useTranslations('media');
  const label = subAction?.['label'];
  // The one that the engine adds has no word of its author's.
  if (typeof label !== 'string' || label === '' || label === 'Generate') return words('generate');
  return (
    <span data-content dir="auto">
      {label}
    </span>
  );
}

/** What the author asks for feedback with, perhaps nothing; undefined where none is asked for (format.md 13). */
function feedbackOf({ subAction }: BlockSource): string | undefined {
  const feedback = subAction?.['feedback'];
  if (!isJsonObject(feedback) || feedback['enabled'] !== true) return undefined;
  return typeof feedback['prompt'] === 'string' ? feedback['prompt'] : '';
}

function Retired({ block, providers }: { block: BlockSource; providers: readonly MediaProvider[] }) {
  const words = useTranslations('media');
  const { explanation = '', alternatives = [] } = block.retired ?? {};
  const names = alternatives.map((id) => providers.find(({ provider }) => provider === id)?.title ?? id);
  return (
    <Notice tone="warn" icon={<TriangleAlert aria-hidden className="size-5" />} title={words('retired')}>
      <p data-content dir="auto">
        {explanation}
      </p>
      {names.length > 0 ? <p>{words('instead', { names: names.join(', ') })}</p> : null}
    </Notice>
  );
}
