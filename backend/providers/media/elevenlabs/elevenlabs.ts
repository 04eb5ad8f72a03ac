import { type JsonObject, limits } from '@wfm/workflow-engine/models';
import type { MediaEstimate, MediaProvider, MediaProviderInfo, Money } from '@wfm/workflow-engine/ports';
import { checkChoice, checkRequest } from '../support/check-request.ts';
import { promptSchema } from '../support/param-schema.ts';
import { publicModels } from '../support/public-models.ts';
import { fetchFile, type VendorSite } from '../support/vendor-call.ts';
import { type ElevenLabsModel, elevenLabsModels, outputFormats, priceRead } from './models.ts';

export interface ElevenLabsSettings {
  /** The server's own key; users may bring theirs. */
  apiKey: string | undefined;
  /** `https://api.elevenlabs.io`, or one of its regional hosts. */
  baseUrl: string;
}

const jobTimeoutMs = 300_000;

const texts = (min: number, max: number, description: string): JsonObject => ({
  type: 'array',
  items: { type: 'string' },
  minItems: min,
  maxItems: max,
  description,
});

const info: Omit<MediaProviderInfo, 'ready' | 'reason' | 'models'> = {
  id: 'elevenlabs',
  label: 'ElevenLabs',
  promptSchemas: {
    txt2audio: promptSchema({
      data: {
        type: 'array',
        minItems: 3,
        maxItems: 3,
        items: promptSchema({
          name: { type: 'string', description: 'A short name of the piece.' },
          description: { type: 'string', description: 'What it is for and how it feels.' },
          prompt: { type: 'string', description: 'The piece as a musician would be told of it.' },
          suggested_bpm: { type: 'integer', minimum: 50, maximum: 120 },
          instruments: texts(2, 4, 'Which instruments play.'),
          mood: texts(2, 3, 'Words for its mood.'),
          energy: { type: 'string', description: 'How much drive it has.' },
        }),
      },
    }),
  },
  // Of the lowest plan (help.elevenlabs.io, "API - Error Code 429").
  limits: { atOnce: 2 },
  jobTimeoutMs,
};

/**
 * ElevenLabs' music and sound effects; its speech comes from elsewhere under the same id. An order is one held request
 * that answers with the file, so it cannot be found again: what broke off may be billed.
 */
export function createElevenLabs(settings: ElevenLabsSettings): MediaProvider {
  const site: VendorSite = {
    provider: 'elevenlabs',
    title: 'ElevenLabs',
    baseUrl: settings.baseUrl,
    keySetting: 'ELEVENLABS_API_KEY',
    urlSetting: 'ELEVENLABS_BASE_URL',
    authHeaders: (apiKey) => ({ 'xi-api-key': apiKey }),
  };
  const ready = settings.apiKey !== undefined;
  const entry = { ...info, ready, ...(ready ? {} : { reason: 'No key: set ELEVENLABS_API_KEY.' }) };
  const offer = { ...entry, models: elevenLabsModels };
  return {
    info: () => ({ ...structuredClone(entry), models: publicModels(elevenLabsModels) }),
    metadata: async () => ({
      models: elevenLabsModels.map((model) => ({ key: model.id, label: model.label })),
      output_format: [...outputFormats],
    }),
    estimate: async (request, context) => {
      const { model, params } = checkChoice(offer, request, context.now);
      return estimateOf(model, params);
    },
    submit: async (request, context) => {
      const { model, params: entered } = checkRequest(offer, request, context.now);
      const { output_format, ...params } = entered;
      const said = model.path === '/v1/music' ? { prompt: request.prompt } : { text: request.prompt };
      const file = await fetchFile(
        site,
        {
          method: 'POST',
          path: model.path,
          query: { output_format: String(output_format) },
          json: { ...said, ...params, model_id: model.id },
          timeoutMs: jobTimeoutMs,
          maxBytes: limits.generatedAudioBytes,
          starts: true,
        },
        'audio/',
        context,
      );
      const jobId = file.headers['song-id'] ?? file.headers['request-id'];
      const cost = creditsOf(file.headers);
      return {
        kind: 'done',
        result: {
          outputs: [{ source: { data: file.bytes }, mime: file.mime === '' ? 'audio/mpeg' : file.mime }],
          warnings: [],
          ...(cost === null ? {} : { cost }),
          ...(jobId === undefined ? {} : { vendorJobId: jobId.slice(0, 200) }),
          response: { bytes: file.bytes.byteLength, mime: file.mime },
        },
      };
    },
    mayRepeat: false,
  };
}

function estimateOf(model: ElevenLabsModel, params: JsonObject): MediaEstimate {
  const { music_length_ms, duration_seconds } = params;
  const seconds = typeof music_length_ms === 'number' ? music_length_ms / 1000 : Number(duration_seconds);
  return {
    cost: { amount: ((model.usdPerMinute * seconds) / 60).toFixed(4), unit: 'USD' },
    basis: 'table',
    as_of: priceRead,
    output: { count: 1, seconds },
    notes: ['By the price list of the API; a plan counts in credits.'],
  };
}

/** What an answer says it took, in the account's credits. */
function creditsOf(headers: Record<string, string>): Money | null {
  const amount = headers['character-cost'];
  return amount !== undefined && /^\d{1,12}$/.test(amount) ? { amount, unit: 'credits' } : null;
}
