import type { CheckedPackage } from '@wfm/workflow-engine/checks';
import type { StoredFiles } from '../document/document.ts';

/** What the page and the worker say to each other. */
export interface CheckRequest {
  readonly id: number;
  readonly files: StoredFiles;
  readonly entryPoint: string;
}

export interface CheckReply extends CheckedPackage {
  readonly id: number;
}
