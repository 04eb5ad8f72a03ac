import type { JsonObject } from '@wfm/workflow-engine/models';
import type { MediaAction } from '@wfm/workflow-engine/ports';
import type { MediaEntry } from '../catalogue/entry.ts';
import type { SdkSettings } from './sdk.ts';
import type { SdkVendor } from './vendor.ts';

type Setting = Exclude<keyof SdkSettings, 'n' | 'options'>;

const ofPictures: Record<string, Setting> = { size: 'size', aspect_ratio: 'aspectRatio', seed: 'seed' };
const ofVideo: Record<string, Setting> = {
  aspect_ratio: 'aspectRatio',
  duration: 'duration',
  seed: 'seed',
  generate_audio: 'generateAudio',
};
const ofSpeech: Record<string, Setting> = {
  voice: 'voice',
  output_format: 'outputFormat',
  instructions: 'instructions',
  speed: 'speed',
  language: 'language',
};
const settingsOf: Partial<Record<MediaAction, Record<string, Setting>>> = {
  txt2img: ofPictures,
  img2img: ofPictures,
  txt2vid: ofVideo,
  img2vid: ofVideo,
  txt2audio: ofSpeech,
};

/**
 * Checked parameters as the SDK takes them: those that it has a setting for, and the rest as options of the vendor. A
 * value `auto` is left out: the vendor decides.
 */
export function toSettings(vendor: SdkVendor, entry: MediaEntry, params: JsonObject): SdkSettings {
  const known = settingsOf[entry.action] ?? {};
  const settings: Record<string, unknown> = { n: 1 };
  const options: JsonObject = {};
  for (const [name, value] of Object.entries({ ...params, ...entry.fixed })) {
    if (value === 'auto' || value === null) continue;
    const setting = Object.hasOwn(known, name) && vendor.ownOptions?.includes(name) !== true ? known[name] : undefined;
    const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
    const sent = entry.asText?.includes(name) === true ? text : value;
    if (name === 'num_images') settings['n'] = value;
    else if (name === 'aspect_ratio' && entry.sizes !== undefined) settings['size'] = entry.sizes[text];
    else if (setting === undefined) options[vendor.optionCase === 'camel' ? camel(name) : name] = sent;
    else settings[setting] = sent;
  }
  return { ...settings, options: { [vendor.optionsName]: options } } as unknown as SdkSettings;
}

function camel(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
