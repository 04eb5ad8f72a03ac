import manifest from './package.json' with { type: 'json' };

/** The engine's version: stored with every run, shown by both servers so that a difference is seen. */
export const engineVersion: string = manifest.version;
