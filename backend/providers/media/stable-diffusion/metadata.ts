import type { JsonObject } from '@wfm/workflow-engine/models';
import type { MediaContext } from '@wfm/workflow-engine/ports';
import { callVendor, type VendorSite } from '../support/vendor-call.ts';
import { hiresChoices, resolutions } from './models.ts';
import { checkpointsSchema, namesSchema, vaesSchema } from './wire.ts';

/**
 * What this WebUI has, in the shape of forms (format.md 15.3): checkpoints by their folder, with the names that their
 * parameters can take. `count` is 0 throughout: a WebUI does not count what it made. Throws when it cannot be asked;
 * schedulers and VAEs that an older version does not list are left out.
 */
export async function webuiMetadata(site: VendorSite, context: MediaContext): Promise<JsonObject> {
  const get = (path: string) => ({ method: 'GET', path: `/sdapi/v1/${path}`, timeoutMs: 10_000 }) as const;
  const [checkpoints, samplers] = await Promise.all([
    callVendor(site, get('sd-models'), checkpointsSchema, context),
    callVendor(site, get('samplers'), namesSchema, context),
  ]);
  const [schedulers, vaes] = await Promise.all([
    callVendor(site, get('schedulers'), namesSchema, context).catch(() => []),
    callVendor(site, get('sd-vae'), vaesSchema, context).catch(() => []),
  ]);
  const schedulerNames = schedulers.flatMap((entry) => entry.label ?? entry.name ?? []);
  const combos = samplers
    .flatMap((sampler) => sampler.name ?? [])
    .flatMap((name) => (schedulerNames.length === 0 ? [name] : schedulerNames.map((other) => `${name} / ${other}`)));
  const params = {
    sampler_combo: counted(combos),
    resolution: counted(resolutions),
    vae: counted(['Automatic', 'None', ...vaes.map((entry) => entry.model_name)]),
    hires: counted(hiresChoices),
    adetailer: counted(['face_yolov8n.pt', 'hand_yolov8n.pt', 'person_yolov8n-seg.pt']),
  };
  const byFolder = Map.groupBy(checkpoints, (checkpoint) => folderOf(checkpoint.title));
  const categories = [...byFolder].map(([folder, entries]) => ({
    id: folder === '' ? 'models' : folder,
    name: folder === '' ? 'Models' : folder,
    models: entries.map((entry) => ({ checkpoint_name: entry.title, model_name: entry.model_name, params })),
  }));
  return { categories };
}

function counted(values: readonly string[]): { value: string; count: number }[] {
  return values.map((value) => ({ value, count: 0 }));
}

/** `SDXL/name.safetensors [hash]`: titles carry the folder, with either slash. */
function folderOf(title: string): string {
  const parts = title.split(/[\\/]/);
  return parts.length > 1 ? (parts[0] ?? '') : '';
}
