import { elevenLabsSpeechCatalogue } from '../../catalogue/elevenlabs-speech.ts';
import type { SdkVendor, SdkVendorSettings } from '../vendor.ts';

/** ElevenLabs' speech and transcripts. */
export function elevenLabsSpeech({ apiKey, baseUrl }: SdkVendorSettings): SdkVendor {
  return {
    catalogue: elevenLabsSpeechCatalogue,
    apiKey,
    site: {
      provider: 'elevenlabs',
      title: 'ElevenLabs',
      baseUrl,
      keySetting: 'ELEVENLABS_API_KEY',
      urlSetting: 'ELEVENLABS_BASE_URL',
      authHeaders: (key) => ({ 'xi-api-key': key }),
    },
    optionsName: 'elevenlabs',
    optionCase: 'camel',
    rewrite: { 'https://api.elevenlabs.io': baseUrl },
    models: async (key, fetch) => {
      const { createElevenLabs } = await import('@ai-sdk/elevenlabs');
      return createElevenLabs({ apiKey: key, fetch });
    },
  };
}
