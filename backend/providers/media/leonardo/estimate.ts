import type { JsonObject } from '@wfm/workflow-engine/models';
import type { MediaContext, MediaEstimate } from '@wfm/workflow-engine/ports';
import { callVendor, type VendorSite } from '../support/vendor-call.ts';
import type { LeonardoModel } from './models.ts';
import { pixelsOf } from './requests.ts';
import { priceSchema } from './wire.ts';

/**
 * What an order will cost: from a table for partner models, from Leonardo's calculator for its own
 * (`POST /v1/pricing-calculator`, which counts against the rate limit and costs nothing), else unknown. In: checked
 * parameters. Without a key nobody is asked.
 */
export async function estimateOrder(
  site: VendorSite,
  model: LeonardoModel,
  params: JsonObject,
  context: MediaContext,
): Promise<MediaEstimate> {
  const output = outputOf(model, params);
  const count = output?.count ?? 1;
  if (model.price !== undefined) {
    const cost = { amount: (model.price.usd * count).toFixed(4), unit: 'USD' as const };
    return { cost, basis: 'table', as_of: model.price.as_of, output, notes: ['At the smallest size.'] };
  }
  const service = serviceOf(model, params);
  if (service === null)
    return { cost: null, basis: 'unknown', output, notes: ['Leonardo names no price for this model.'] };
  if (context.apiKey === null)
    return { cost: null, basis: 'unknown', output, notes: ['Leonardo tells its prices only to a key.'] };
  const call = { method: 'POST', path: '/v1/pricing-calculator', json: service } as const;
  const reply = await callVendor(site, call, priceSchema, context);
  const amount = String(reply.calculateProductionApiServiceCost.cost);
  return { cost: { amount, unit: 'credits' }, basis: 'remote', output, notes: [] };
}

function outputOf(model: LeonardoModel, params: JsonObject): NonNullable<MediaEstimate['output']> {
  if (model.wire === 'v1-video') return { count: 1, seconds: 5 };
  if (model.wire === 'v2-video') return { count: 1, seconds: Number(params['duration']) };
  return { count: Number(params['num_images'] ?? 1), ...pixelsOf(model, params) };
}

/** The calculator's own words for an order (OpenAPI of v1, `pricingCalculator`); null where it has none. */
function serviceOf(model: LeonardoModel, params: JsonObject): JsonObject | null {
  if (model.wire === 'v1-video') {
    const resolution = params['resolution'] === '720p' ? 'RESOLUTION_720' : 'RESOLUTION_480';
    return { service: 'MOTION_VIDEO_GENERATION', serviceParams: { MOTION_VIDEO_GENERATION: { resolution } } };
  }
  if (model.wire !== 'v1-image') return null;
  const { width, height } = pixelsOf(model, params);
  const mode = params['generation_mode'];
  const IMAGE_GENERATION = {
    imageWidth: width,
    imageHeight: height,
    numImages: Number(params['num_images'] ?? 1),
    inferenceSteps: Number(params['num_inference_steps'] ?? 15),
    promptMagic: false,
    highResolution: false,
    alchemyMode: mode === 'quality',
    isUltra: mode === 'ultra',
    isPhoenix: model.id.startsWith('phoenix'),
    isSDXL: model.id.endsWith('-xl'),
  };
  return { service: 'IMAGE_GENERATION', serviceParams: { IMAGE_GENERATION } };
}
