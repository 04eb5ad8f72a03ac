import type { JsonObject } from '@wfm/workflow-engine/models';

export interface MetadataReply {
  metadata: JsonObject;
  /** Why it is the built-in sample. */
  warning?: string;
}

export interface MetadataCache {
  /** Never throws. `sample` answers where `ask` fails or takes too long. */
  read(
    key: string,
    title: string,
    ask: (signal: AbortSignal) => Promise<JsonObject>,
    sample: () => JsonObject,
  ): Promise<MetadataReply>;
}

/** format.md 15.3. */
const freshMs = 15 * 60_000;
/** A vendor that could not be asked is left alone for a while, or every question would wait for it again. */
const restMs = 30_000;
const askMs = 10_000;

/** Keeps what vendors offer for 15 minutes. Those who ask at the same time share one question. */
export function createMetadataCache(now: () => Date): MetadataCache {
  const kept = new Map<string, { until: number; reply: Promise<MetadataReply> }>();
  return {
    read: async (key, title, ask, sample) => {
      const known = kept.get(key);
      if (known !== undefined && known.until > now().getTime()) return structuredClone(await known.reply);
      const entry = { until: now().getTime() + freshMs, reply: askOrSample(title, ask, sample) };
      kept.set(key, entry);
      const reply = await entry.reply;
      if (reply.warning !== undefined) entry.until = now().getTime() + restMs;
      return structuredClone(reply);
    },
  };
}

async function askOrSample(
  title: string,
  ask: (signal: AbortSignal) => Promise<JsonObject>,
  sample: () => JsonObject,
): Promise<MetadataReply> {
  const signal = AbortSignal.timeout(askMs);
  // Races the signal too: whoever is asked may not heed it.
  const late = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  try {
    return { metadata: await Promise.race([ask(signal), late]) };
  } catch {
    const warning = `${title} could not be asked what it offers; the built-in sample is shown.`;
    return { metadata: sample(), warning };
  }
}
