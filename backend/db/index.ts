export { systemClock, uuidIds } from './clock.ts';
export { type OpenOptions, openDatabase } from './database.ts';
