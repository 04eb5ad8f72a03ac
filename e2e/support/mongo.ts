interface MongoServer {
  uri: string;
  stop(): Promise<void>;
}
type Started = { server: MongoServer; missing: '' } | { server: null; missing: string };

/** A server of MongoDB's protocol, or why there is none. The tests of the adapter start it too; their package has no door for it. */
export async function startMongoServer(): Promise<Started> {
  const url = new URL('../../backend/db/testing/mongo-server.ts', import.meta.url);
  const { startMongoServer: start } = (await import(url.href)) as { startMongoServer(): Promise<Started> };
  return start();
}

/** The address with a database in it. */
export function withDatabase(uri: string, database: string): string {
  return uri.replace(/\/?(\?|$)/, `/${database}$1`);
}
