import { WfmError } from '../errors/index.ts';
import { contentUrl } from '../models/media.ts';
import type { ModulePorts } from '../modules/module.ts';
import type { ProcessorOptions } from './processor-options.ts';

/** What modules may ask of a program; each gets what it declares. */
export function modulePorts({ database, llm, http, media = noMedia }: ProcessorOptions): ModulePorts {
  return {
    llm,
    http,
    files: database.files,
    keywords: database.keywords,
    tables: database.tables,
    content: database.content,
    catalogue: media.catalogue,
    media: database.media,
    mediaFiles: media.files ?? noMedia.files,
    mediaHost: media.host ?? { urlOf: (_generation, content) => contentUrl(content), mock: false },
  };
}

/** What a program without media has: no provider, and no place for bytes. */
const noMedia: Pick<Required<NonNullable<ProcessorOptions['media']>>, 'catalogue' | 'files'> = {
  catalogue: {
    list: () => [],
    find: () => null,
    metadata: async () => ({ metadata: {} }),
    check: ({ provider }) => {
      throw noProvider(provider);
    },
    estimate: async ({ provider }) => {
      throw noProvider(provider);
    },
  },
  files: {
    put: async () => {
      throw new WfmError('storage_unavailable', 'This program keeps no media files.');
    },
    read: async () => null,
    derived: async () => {
      throw new WfmError('storage_unavailable', 'This program keeps no media files.');
    },
    deleteRun: async () => undefined,
    async *runs() {
      // There are none.
    },
  },
};

function noProvider(provider: string): WfmError {
  return new WfmError('provider_not_configured', `This program has no media provider "${provider}".`, {
    params: { provider },
  });
}
