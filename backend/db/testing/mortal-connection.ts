import type { MongoConnection } from '../mongo/connection.ts';

/** What changes something; everything else may be asked for as often as one likes. */
const writes = new Set([
  'insertOne',
  'insertMany',
  'updateOne',
  'updateMany',
  'replaceOne',
  'deleteOne',
  'deleteMany',
  'findOneAndUpdate',
  'findOneAndReplace',
  'findOneAndDelete',
  'bulkWrite',
]);

export interface Mortality {
  /** How many writes it has begun. */
  count: number;
  dead: boolean;
}

/**
 * Lets a connection die at its n-th write, as a killed process does: before the write, or after it took effect and before
 * anybody heard of it. From then on it answers nothing any more. `n` 0: it lives, and counts.
 */
export function makeMortal(connection: MongoConnection, n: number, when: 'before' | 'after'): Mortality {
  const state: Mortality = { count: 0, dead: false };
  const { collection } = connection;
  const guard = (target: object): object =>
    new Proxy(target, {
      get(real, name) {
        const value: unknown = Reflect.get(real, name);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]): unknown => {
          // A write is refused as a promise, as the driver does; `find` has no promise to refuse by.
          if (state.dead && writes.has(String(name))) return Promise.reject(new Error('this process is dead'));
          if (state.dead) throw new Error('this process is dead');
          const call = () => Reflect.apply(value, real, args) as unknown;
          if (!writes.has(String(name))) return call();
          state.count += 1;
          if (state.count !== n) return call();
          state.dead = true;
          const killed = () => Promise.reject(new Error('killed'));
          return when === 'before' ? killed() : Promise.resolve(call()).then(killed, killed);
        };
      },
    });
  Object.assign(connection, { collection: (name: Parameters<typeof collection>[0]) => guard(collection(name)) });
  return state;
}
