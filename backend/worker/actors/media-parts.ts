import type { MediaDownload, MediaInspect } from '@wfm/providers';
import type {
  CallStore,
  Clock,
  CredentialStore,
  Ids,
  MediaFiles,
  MediaProvider,
  MediaStore,
} from '@wfm/workflow-engine/ports';
import type { Log } from '../utils/log.ts';

/** What the media actor needs of the other packages; compose.ts puts it together, tests hand in fakes. */
export interface MediaActorParts {
  providers: {
    provider(id: string): MediaProvider | null;
    /** The server's own key; null where there is none. */
    serverKey(id: string): string | null;
  };
  credentials: Pick<CredentialStore, 'get'>;
  media: Pick<MediaStore, 'find' | 'finish'>;
  files: Pick<MediaFiles, 'put' | 'read'>;
  calls: Pick<CallStore, 'add'>;
  /** The guarded way to a file at a vendor's address (security.md S6). */
  download: MediaDownload;
  inspect: Pick<MediaInspect, 'inspect' | 'crop'>;
  clock: Clock;
  ids: Ids;
  log: Log;
}
