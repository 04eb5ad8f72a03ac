export { createMemoryDatabase, type MemoryDatabase } from './memory-database.ts';
export type { StoreName, StoreRows } from './store-rows.ts';
