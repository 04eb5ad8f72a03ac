import type { JsonObject } from '@wfm/workflow-engine/models';
import type { MediaInput } from '@wfm/workflow-engine/ports';
import { given } from '../support/given.ts';

/**
 * The body of `/sdapi/v1/txt2img` or `/img2img` (modules/api/models.py of the WebUI). In: checked parameters. Settings
 * of the server are overridden for this order alone.
 */
export async function webuiBody(prompt: string, params: JsonObject, inputs: MediaInput[]): Promise<JsonObject> {
  const [width, height] = String(params['resolution']).split('x').map(Number);
  const [sampler, scheduler] = typeof params['sampler_combo'] === 'string' ? params['sampler_combo'].split(' / ') : [];
  const source = inputs.find((input) => input.role === 'source');
  const mask = inputs.find((input) => input.role === 'mask');
  const override_settings = given({
    sd_model_checkpoint: params['checkpoint'],
    sd_vae: params['vae'],
    CLIP_stop_at_last_layers: params['clip_skip'],
  });
  return given({
    prompt,
    negative_prompt: params['negative_prompt'],
    width,
    height,
    steps: params['steps'],
    cfg_scale: params['cfg_scale'],
    sampler_name: sampler,
    scheduler,
    seed: params['seed'],
    batch_size: params['num_images'],
    override_settings,
    override_settings_restore_afterwards: true,
    ...secondPass(params),
    denoising_strength: source === undefined ? params['hires_denoising'] : params['denoising_strength'],
    init_images: source === undefined ? undefined : [await base64Of(source)],
    mask: mask === undefined ? undefined : await base64Of(mask),
    alwayson_scripts:
      typeof params['adetailer'] === 'string'
        ? { ADetailer: { args: [true, false, { ad_model: params['adetailer'] }] } }
        : undefined,
    send_images: true,
    save_images: false,
  });
}

function secondPass(params: JsonObject): JsonObject {
  const { hires } = params;
  return hires === '1.5x' || hires === '2x' ? { enable_hr: true, hr_scale: Number.parseFloat(hires) } : {};
}

async function base64Of(input: MediaInput): Promise<string> {
  return Buffer.from(await input.read()).toString('base64');
}
