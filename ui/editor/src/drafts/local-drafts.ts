import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { StoredFiles } from '../document/document.ts';
import type { SourceBuffer } from './draft-server.ts';

/** A draft with edits that the server may not have yet, as this browser keeps it. */
export interface LocalDraft {
  readonly entryPoint: string;
  readonly files: StoredFiles;
  readonly sourceBuffer: SourceBuffer | null;
  readonly preview: unknown;
  /** The server's revision that the edits were made on. */
  readonly baseRevision: number;
  /** ISO 8601. */
  readonly savedAt: string;
}

interface Drafts extends DBSchema {
  drafts: { key: [userId: string, templateId: string]; value: LocalDraft };
}

/** Drafts of this browser, by user and template, so that nobody meets another's (ux.md 2.9). */
export interface LocalDrafts {
  read(templateId: string): Promise<LocalDraft | undefined>;
  /** Throws when the browser keeps nothing or has no room. */
  write(templateId: string, draft: LocalDraft): Promise<void>;
  remove(templateId: string): Promise<void>;
}

export function localDrafts(userId: string): LocalDrafts {
  let opened: Promise<IDBPDatabase<Drafts>> | undefined;
  const database = (): Promise<IDBPDatabase<Drafts>> => {
    opened ??= openDB<Drafts>('wfm-editor', 1, { upgrade: (db) => void db.createObjectStore('drafts') });
    // A failed opening is tried again: the browser may have been asked for room meanwhile.
    opened.catch(() => (opened = undefined));
    return opened;
  };
  return {
    read: async (templateId) => (await database()).get('drafts', [userId, templateId]),
    async write(templateId, draft) {
      await (await database()).put('drafts', draft, [userId, templateId]);
    },
    async remove(templateId) {
      await (await database()).delete('drafts', [userId, templateId]);
    },
  };
}

/** Forgets all drafts that one person has in this browser: after signing out (ux.md 2.9). */
export async function forgetLocalDrafts(userId: string): Promise<void> {
  const db = await openDB<Drafts>('wfm-editor', 1, { upgrade: (made) => void made.createObjectStore('drafts') });
  try {
    await db.delete('drafts', IDBKeyRange.bound([userId, ''], [userId, '\uFFFF']));
  } finally {
    db.close();
  }
}
