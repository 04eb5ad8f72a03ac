import type { JsonObject } from '@wfm/workflow-engine/models';
import type { MediaAction, MediaModel, MediaProvider, MediaProviderInfo } from '@wfm/workflow-engine/ports';
import { isRetired } from './support/check-request.ts';

/** Which part made an operation; kept in it, so that any process finds its way back. */
const partKey = 'part';

/**
 * Several implementations under one id: ElevenLabs' music is our client's, its speech another library's. In: parts
 * whose models differ in id or action. A request goes to the part that has its model; one without a model to the first
 * part that has a usable model of its action. Info is the first part's, with everyone's models, and ready when all are.
 */
export function mergeProviders(parts: readonly [MediaProvider, ...MediaProvider[]]): MediaProvider {
  const partFor = (request: { action: MediaAction; model: string | null }, now: Date): number => {
    const fits = (model: MediaModel) =>
      model.action === request.action && (request.model === null ? !isRetired(model, now) : model.id === request.model);
    const found = parts.findIndex((part) => part.info().models.some(fits));
    if (found !== -1) return found;
    // Nobody has it: who has the action at all explains it best.
    return Math.max(
      0,
      parts.findIndex((part) => part.info().models.some((model) => model.action === request.action)),
    );
  };
  const owner = (operation: JsonObject): { part: MediaProvider; own: JsonObject } => {
    const { [partKey]: index, ...own } = operation;
    return { part: parts[typeof index === 'number' ? index : 0] ?? parts[0], own };
  };
  return {
    info: () => mergeInfo(parts.map((part) => part.info())),
    metadata: (action, context) => mergeMetadata(parts, action, context),
    estimate: (request, context) => parts[partFor(request, context.now)]!.estimate(request, context),
    submit: async (request, context) => {
      const index = partFor(request, context.now);
      const submitted = await parts[index]!.submit(request, context);
      return submitted.kind === 'done'
        ? submitted
        : { ...submitted, operation: { ...submitted.operation, [partKey]: index } };
    },
    poll: async (operation, context) => {
      const { part, own } = owner(operation);
      if (part.poll === undefined) throw new TypeError('an operation came back to a part that makes none');
      const polled = await part.poll(own, context);
      if (polled.kind === 'done' || polled.operation === undefined) return polled;
      return { ...polled, operation: { ...polled.operation, [partKey]: operation[partKey] } };
    },
    cancel: async (operation, context) => {
      const { part, own } = owner(operation);
      return (await part.cancel?.(own, context)) ?? 'unsupported';
    },
    mayRepeat: parts.every((part) => part.mayRepeat),
  };
}

function mergeInfo(infos: MediaProviderInfo[]): MediaProviderInfo {
  const first = infos[0]!;
  const missing = infos.find((info) => !info.ready);
  const offered = new Set(infos.flatMap((info) => info.models.map((model) => model.action)));
  const retired = Object.entries(Object.assign({}, ...infos.map((info) => info.retiredActions ?? {})) as object);
  const perMinute = infos.map((info) => info.limits.perMinute).filter((limit) => limit !== undefined);
  return {
    ...first,
    ready: missing === undefined,
    ...(missing?.reason === undefined ? {} : { reason: missing.reason }),
    models: infos.flatMap((info) => info.models),
    promptSchemas: Object.assign(
      {},
      ...infos.toReversed().map((info) => info.promptSchemas),
    ) as typeof first.promptSchemas,
    retiredActions: Object.fromEntries(retired.filter(([action]) => !offered.has(action as MediaAction))),
    limits: {
      atOnce: Math.min(...infos.map((info) => info.limits.atOnce)),
      ...(perMinute.length === 0 ? {} : { perMinute: Math.min(...perMinute) }),
    },
    jobTimeoutMs: Math.max(...infos.map((info) => info.jobTimeoutMs)),
  };
}

async function mergeMetadata(
  parts: readonly MediaProvider[],
  ...asked: Parameters<NonNullable<MediaProvider['metadata']>>
): Promise<JsonObject> {
  const [action] = asked;
  const of = parts.filter((part) => part.info().models.some((model) => model.action === action));
  const found = await Promise.all(of.map(async (part) => (await part.metadata?.(...asked)) ?? {}));
  return Object.assign({}, ...found.toReversed()) as JsonObject;
}
