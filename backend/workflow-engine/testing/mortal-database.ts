import type { Database } from '../ports/database.ts';

/** Thrown by every call on a database whose process has died. */
export class ProcessDied extends Error {}

/** When a process dies: at its n-th write, before the store has taken it or after. */
export interface Death {
  write: number;
  moment: 'before' | 'after';
}

const writes = new Set([
  'create',
  'append',
  'claimLease',
  'renewLease',
  'releaseLease',
  'saveCheckpoint',
  'put',
  'touch',
  'save',
  'putValue',
]);

/**
 * A view of a database as one process has it: at the n-th write the process dies, and nothing it does reaches the
 * store any more. What others see through the database itself stays.
 */
export function mortalDatabase(database: Database, death: Death): Database {
  let count = 0;
  let dead = false;
  const guard = <T extends object>(store: T): T =>
    new Proxy(store, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return (...parameters: unknown[]): unknown => {
          if (dead) return Promise.reject(new ProcessDied());
          const call = (): unknown => Reflect.apply(member, target, parameters);
          if (!writes.has(String(name))) return call();
          count += 1;
          if (count !== death.write) return call();
          dead = true;
          if (death.moment === 'before') return Promise.reject(new ProcessDied());
          return Promise.resolve(call()).then(() => Promise.reject(new ProcessDied()));
        };
      },
    });
  return {
    ...database,
    runs: guard(database.runs),
    files: guard(database.files),
    keywords: guard(database.keywords),
    usage: guard(database.usage),
    content: guard(database.content),
  };
}
