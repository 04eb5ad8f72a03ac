import { WfmError } from '@wfm/workflow-engine/errors';
import type { MediaResult } from '@wfm/workflow-engine/ports';
import type { MediaActorParts } from '../actors/media-parts.ts';
import { once } from '../utils/bytes.ts';
import { pictureResult } from './fake-provider.ts';

/** What a vendor says and holds in tests of the actors. */

/** An order that was taken and is looked at again in two seconds. */
export const started = { kind: 'started', operation: { job: 'j1' }, pollAfterMs: 2000 } as const;
/** A result whose file has to be fetched, from an address with a key in it. */
export const linked: MediaResult = {
  ...pictureResult(),
  outputs: [{ source: { url: 'https://files.acme.test/a.png?signature=s' }, mime: 'image/png' }],
};
export type Download = MediaActorParts['download'];
/** Every address has this text. */
export const downloads = (text: () => string): Download => ({
  open: async (_source, _options, use) => use({ mime: '', length: null, data: once(Buffer.from(text())) }),
});
/** A failure that may pass. */
export const busy = (more: object = {}) => new WfmError('provider_failed', 'Busy.', { transient: true, ...more });
