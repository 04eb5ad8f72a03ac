export { createMemoryDatabase, type MemoryDatabase } from './memory-database.ts';
export type { StoreRows } from './rows.ts';
