/** Which MongoDB a program works on. */
export interface MongoSettings {
  uri: string;
  database: string;
}

/** The database that is used where the settings name none. */
const defaultDatabase = 'wfm';

/**
 * MongoDB by MONGODB_URI and MONGODB_DATABASE (api.md, Configuration); undefined: SQLite in the data directory. What
 * cannot be used is added to `faults`. The address may hold a password and is never repeated in a message.
 */
export function readMongoSettings(
  env: Readonly<Record<string, string | undefined>>,
  faults: string[],
): MongoSettings | undefined {
  const uri = readMongoUri(env, 'MONGODB_URI', faults);
  const database = env['MONGODB_DATABASE']?.trim() || defaultDatabase;
  if (!/^[A-Za-z0-9_-]{1,38}$/.test(database))
    faults.push('MONGODB_DATABASE must be 1 to 38 letters, digits, "-" or "_".');
  return uri === undefined ? undefined : { uri, database };
}

/** The address in a setting, or undefined when it is not set. */
export function readMongoUri(
  env: Readonly<Record<string, string | undefined>>,
  name: string,
  faults: string[],
): string | undefined {
  const uri = env[name]?.trim();
  if (!uri) return undefined;
  if (!/^mongodb(\+srv)?:\/\/[^/]/.test(uri)) faults.push(`${name} must begin with mongodb:// or mongodb+srv://.`);
  return uri;
}
