import type { MediaFiles } from '@wfm/workflow-engine/ports';
import { mediaDirectory } from './directory.ts';
import { mediaBucket } from './s3.ts';
import type { S3Settings } from './s3-settings.ts';

/** Media files with what keeps their place tidy. */
export interface KeptMediaFiles extends MediaFiles {
  /** Removes what crashed writes have left for longer than `olderThanMs`, an hour by default. How many. */
  sweepIncoming(params?: { olderThanMs?: number }): Promise<number>;
}

/** The media files of a program: in a bucket where one is set, else below the data directory. */
export function openMediaFiles(options: { dataDir: string; s3?: S3Settings | undefined }): KeptMediaFiles {
  return options.s3 ? mediaBucket(options.s3) : mediaDirectory(options.dataDir);
}
