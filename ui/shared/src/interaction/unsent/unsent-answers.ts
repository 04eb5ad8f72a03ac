import type { InteractionAnswer } from '@wfm/workflow-engine/models';
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { Draft } from '../answers/draft.ts';

/** An answer that is on its way: sent, and nobody has said yet what became of it. */
export interface Pending {
  readonly answer: InteractionAnswer;
  /** Under which it is sent, however often that is tried (G10). */
  readonly key: string;
}

/** An answer that was begun and not sent, as this browser keeps it: by person, place and question (ux.md 2.9). */
export interface UnsentAnswer {
  readonly userId: string;
  /** The run, or the preview. */
  readonly place: string;
  readonly interactionId: string;
  readonly title: string;
  readonly draft: Draft;
  readonly pending?: Pending;
  /** ISO 8601. */
  readonly savedAt: string;
}

type Key = [userId: string, place: string, interactionId: string];
interface Unsent extends DBSchema {
  answers: { key: Key; value: UnsentAnswer };
}

let opened: Promise<IDBPDatabase<Unsent>> | undefined;
/** What the browser had no room for: it lives as long as the tab. */
const onlyHere = new Map<string, UnsentAnswer>();

async function database(): Promise<IDBPDatabase<Unsent>> {
  const forget = (): void => void (opened = undefined);
  opened ??= openDB<Unsent>('wfm-unsent', 1, {
    upgrade: (db) => void db.createObjectStore('answers'),
    blocking: (_now, _next, event) => {
      (event.target as IDBDatabase).close();
      forget();
    },
    terminated: forget,
  });
  opened.catch(forget);
  return opened;
}

const textOf = (key: Key): string => key.join('\u0000');
const keyOf = ({ userId, place, interactionId }: UnsentAnswer): Key => [userId, place, interactionId];

export async function readUnsent(...key: Key): Promise<UnsentAnswer | undefined> {
  return onlyHere.get(textOf(key)) ?? (await attempt(async () => (await database()).get('answers', key)));
}

/** Keeps an answer; false where the browser keeps nothing or has no room, and only this tab has it. */
export async function keepUnsent(unsent: UnsentAnswer): Promise<boolean> {
  const key = keyOf(unsent);
  const isKept = await attempt(async () => {
    const transaction = (await database()).transaction('answers', 'readwrite', { durability: 'relaxed' });
    const put = transaction.store.put(unsent, key);
    // Without waiting for the reply: the page may be gone by then.
    transaction.commit();
    await Promise.all([put, transaction.done]);
    return true;
  });
  if (isKept === true) onlyHere.delete(textOf(key));
  else onlyHere.set(textOf(key), unsent);
  return isKept === true;
}

export async function dropUnsent(...key: Key): Promise<void> {
  onlyHere.delete(textOf(key));
  await attempt(async () => (await database()).delete('answers', key));
}

/** What one person has begun in this browser and not sent, newest first. */
export async function listUnsent(userId: string): Promise<UnsentAnswer[]> {
  const kept = (await attempt(async () => (await database()).getAll('answers', rangeOf(userId)))) ?? [];
  const here = [...onlyHere.values()].filter((unsent) => unsent.userId === userId);
  const names = new Set(here.map((unsent) => textOf(keyOf(unsent))));
  return [...here, ...kept.filter((unsent) => !names.has(textOf(keyOf(unsent))))].toSorted((a, b) =>
    a.savedAt < b.savedAt ? 1 : -1,
  );
}

/** Forgets all of one person's. */
export async function forgetUnsent(userId: string): Promise<void> {
  for (const [name, unsent] of onlyHere) if (unsent.userId === userId) onlyHere.delete(name);
  await attempt(async () => (await database()).delete('answers', rangeOf(userId)));
}

function rangeOf(userId: string): IDBKeyRange {
  return IDBKeyRange.bound([userId], [userId, []]);
}

/** Undefined where the browser has no such memory, or has none left. */
async function attempt<T>(act: () => Promise<T>): Promise<T | undefined> {
  try {
    return await act();
  } catch {
    return undefined;
  }
}
