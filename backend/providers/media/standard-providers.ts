import type { CredentialStore, HttpClient, MediaProvider } from '@wfm/workflow-engine/ports';
import { aiSdkMediaProvider } from './ai-sdk/provider.ts';
import { blackForestLabsMedia } from './ai-sdk/vendors/black-forest-labs.ts';
import { deepgramMedia } from './ai-sdk/vendors/deepgram.ts';
import { elevenLabsSpeech } from './ai-sdk/vendors/elevenlabs.ts';
import { falMedia } from './ai-sdk/vendors/fal.ts';
import { googleMedia } from './ai-sdk/vendors/google.ts';
import { lumaMedia } from './ai-sdk/vendors/luma.ts';
import { openaiMedia } from './ai-sdk/vendors/openai.ts';
import { replicateMedia } from './ai-sdk/vendors/replicate.ts';
import { createElevenLabs } from './elevenlabs/elevenlabs.ts';
import { createLeonardo } from './leonardo/leonardo.ts';
import { createLocalMediaProvider } from './local/local-provider.ts';
import { mergeProviders } from './merge-providers.ts';
import { createMidjourney } from './midjourney/midjourney.ts';
import { createMediaProviders, type MediaProviders } from './registry.ts';
import type { MediaSettings } from './settings.ts';
import { createStableDiffusion } from './stable-diffusion/stable-diffusion.ts';

/**
 * The media providers of a program, as its settings say. `http` takes sources to hosts that vendors name, so it keeps
 * private networks out; `credentials` are users' own keys, where the program may read them.
 */
export function createStandardMedia(
  settings: MediaSettings,
  parts: { http: HttpClient; credentials?: Pick<CredentialStore, 'get'>; now?: () => Date },
): MediaProviders {
  const { http, ...rest } = parts;
  return createMediaProviders({ providers: standardProviders(settings, http), keys: keysOf(settings), ...rest });
}

/** In the order of the catalogue: first what is always there. */
function standardProviders(
  { vendors, stableDiffusion, programPath }: MediaSettings,
  http: HttpClient,
): MediaProvider[] {
  return [
    createLocalMediaProvider({ path: programPath }),
    createMidjourney(vendors.midjourney),
    createLeonardo(vendors.leonardo, http),
    aiSdkMediaProvider(openaiMedia(vendors.openai)),
    createStableDiffusion(stableDiffusion),
    mergeProviders([createElevenLabs(vendors.elevenlabs), aiSdkMediaProvider(elevenLabsSpeech(vendors.elevenlabs))]),
    aiSdkMediaProvider(googleMedia(vendors.google)),
    aiSdkMediaProvider(falMedia(vendors.fal)),
    aiSdkMediaProvider(replicateMedia(vendors.replicate)),
    aiSdkMediaProvider(blackForestLabsMedia(vendors.black_forest_labs)),
    aiSdkMediaProvider(lumaMedia(vendors.luma)),
    aiSdkMediaProvider(deepgramMedia(vendors.deepgram)),
  ];
}

/** The server's own keys by provider id. */
function keysOf({ vendors, stableDiffusion }: MediaSettings): Record<string, string | undefined> {
  const keys = Object.entries(vendors).map(([id, { apiKey }]) => [id, apiKey] as const);
  return { ...Object.fromEntries(keys), stable_diffusion: stableDiffusion.auth };
}
