import { compileView, formFields, type ViewNode } from '@wfm/workflow-engine/display';
import { X } from 'lucide-react';
import { useMemo, useRef } from 'react';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import { IconButton } from '../../components/button.tsx';
import { TreeView } from '../../schema/index.ts';
import { isOf, isOrderedBy } from './belongs.ts';
import { BlockForm } from './block-form.tsx';
import { blockKey, type BlockSource, blockSources } from './block-source.ts';
import { type Generation, GenerationContext, useGeneration } from './generation-context.ts';
import type { GenerationHost, MediaDraft, MediaRequest } from './generation-types.ts';
import { type MadeItem, madeItems } from './made-items.ts';
import { countOf } from './orders.ts';
import { blocksIn, prepareTree } from './prepare-tree.ts';
import { Results } from './results.tsx';
import { useExecutions } from './use-executions.ts';
import { useProviders } from './use-providers.ts';
import { formFrom } from './use-settings.ts';

export interface GenerationBlocksProps {
  request: MediaRequest;
  host: GenerationHost;
  draft: MediaDraft;
  onChange: (draft: MediaDraft) => void;
  disabled: boolean;
}

/** Blocks to have media made with, what is being made and what was made, and the choice among it (format.md 18.4). */
export function GenerationBlocks({ request, host, draft, onChange, disabled }: GenerationBlocksProps) {
  const words = useTranslations('media');
  // The question is read anew whenever something has been made for it; its forms must not begin anew with it.
  const asked = useSame({ ...request, generations: {} });
  const tree = useMemo(() => {
    const { data, schema, blocks, sub_actions: subActions = [] } = asked;
    return prepareTree(compileView({ data, schema, blocks, subActions }));
  }, [asked]);
  const blocks = useMemo(() => blockSources(tree ? blocksIn(tree) : [], asked), [tree, asked]);
  const items = useMemo(
    () => madeItems(request.generations, words('otherBranch')).map((item) => labelled(item, blocks)),
    [request.generations, words, blocks],
  );
  const { executions, order } = useExecutions(host);
  const providers = useProviders();
  // What is kept while something is on its way is added to what has been typed since.
  const latest = useRef(draft);
  latest.current = draft;
  const change = (next: MediaDraft): void => {
    latest.current = next;
    onChange(next);
  };
  const chosen = draft.answer.selected_content_id ?? null;
  const generation: Generation = {
    request,
    host,
    blocks,
    items,
    executions,
    providers,
    chosen,
    disabled,
    draftOf: ({ id }) => draft.generation?.blocks?.[id] ?? {},
    keep({ id }, more) {
      const { generation: before = {} } = latest.current;
      const block = { ...before.blocks?.[id], ...more };
      change({ ...latest.current, generation: { ...before, blocks: { ...before.blocks, [id]: block } } });
    },
    async order({ subActionId }, orders, feedback) {
      await Promise.all(
        orders.map((params) =>
          order(
            {
              interaction_id: request.interaction_id,
              sub_action_id: subActionId,
              params,
              ...(feedback === undefined ? {} : { feedback }),
            },
            countOf(params['params']),
          ),
        ),
      );
    },
    choose({ id }) {
      const { answer } = latest.current;
      change({ ...latest.current, answer: { ...answer, selected_content_id: id === chosen ? null : id } });
    },
    use(item) {
      const made = items.find(({ id }) => id === item.id);
      const block = blocks.find((one) => made && isOf(one, made)) ?? blocks[0];
      if (!block?.form) return;
      const { version = 0 } = generation.draftOf(block);
      generation.keep(block, { form: formFrom(block.form.schema, item), version: version + 1 });
      toast.success(words('settingsTaken'));
      document.querySelector<HTMLElement>(`[data-block=${CSS.escape(block.id)}] :is(textarea, input, select)`)?.focus();
    },
    cancel: (id) => void host.cancelSubAction(id).catch((error: unknown) => toast.error(messageOf(error))),
    retry({ executionId, params = {}, subActionId }) {
      generation.dismiss(executionId);
      order(
        { interaction_id: request.interaction_id, sub_action_id: subActionId, params },
        countOf(params['params']),
      ).catch((error: unknown) => toast.error(messageOf(error)));
    },
    dismiss(id) {
      const { generation: before = {} } = latest.current;
      change({ ...latest.current, generation: { ...before, dismissed: [...(before.dismissed ?? []), id] } });
    },
    isDismissed: (id) => draft.generation?.dismissed?.includes(id) ?? false,
  };
  const others = items.filter((item) => !blocks.some((block) => isOf(block, item)));
  const strays = executions.filter(
    (one) =>
      one.params?.['provider'] !== undefined &&
      blocks.some(({ subActionId }) => subActionId === one.subActionId) &&
      !blocks.some((block) => isOrderedBy(block, one)),
  );
  return (
    <GenerationContext value={generation}>
      <div className="grid gap-4">
        {tree ? <TreeView root={tree} drawBlock={drawBlock} /> : null}
        {others.length > 0 || strays.length > 0 ? (
          <section aria-label={words('others')} className="grid gap-2">
            <h3 className="text-sm font-medium">{words('others')}</h3>
            <Results items={others} work={strays} />
          </section>
        ) : null}
        <ChosenStrip item={items.find(({ id }) => id === chosen)} />
      </div>
    </GenerationContext>
  );
}

const drawBlock = (node: ViewNode) => (node.block ? <Block id={blockKey(node.block)} /> : null);

function Block({ id }: { id: string }) {
  const { blocks, items, executions } = useGeneration();
  const block = blocks.find((one) => one.id === id);
  if (!block) return null;
  return (
    <div className="grid gap-5" data-block={id}>
      <BlockForm block={block} />
      <Results
        items={items.filter((item) => isOf(block, item))}
        work={executions.filter((one) => isOrderedBy(block, one))}
      />
    </div>
  );
}

/** What is chosen, and how much is on its way, also in a tab that is not shown. */
function ChosenStrip({ item }: { item: MadeItem | undefined }) {
  const words = useTranslations('media');
  const { executions, choose, disabled } = useGeneration();
  const running = executions.filter(({ status }) => status === 'running').length;
  return (
    <div className="flex min-h-11 flex-wrap items-center gap-x-4 text-sm text-ink-soft">
      <p role="status" className="flex items-center gap-2">
        {item ? words('chosenIs') : words('nothingChosen')}
        {item ? (
          <span className="line-clamp-1 font-medium text-ink" data-content dir="auto">
            {item.alt === '' ? item.id : item.alt}
          </span>
        ) : null}
      </p>
      {item ? (
        <IconButton
          label={words('clearChoice')}
          icon={<X aria-hidden className="size-4" />}
          disabled={disabled}
          onClick={() => choose(item)}
        />
      ) : null}
      <p role="status" className="ms-auto">
        {running > 0 ? words('running', { count: running }) : null}
      </p>
    </div>
  );
}

/** The settings of an item go by the names of the form that they were entered in. */
function labelled(item: MadeItem, blocks: readonly BlockSource[]): MadeItem {
  const form = blocks.find((block) => isOf(block, item))?.form;
  if (!form) return item;
  const paramLabels: Record<string, string> = {};
  for (const { to, schema } of formFields(form.schema)) {
    if (typeof schema['title'] === 'string') paramLabels[to] = schema['title'];
  }
  return { ...item, paramLabels };
}

/** The value before, as long as the new one says the same. */
function useSame<T>(value: T): T {
  const text = JSON.stringify(value);
  const kept = useRef({ text, value });
  if (kept.current.text !== text) kept.current = { text, value };
  return kept.current.value;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
