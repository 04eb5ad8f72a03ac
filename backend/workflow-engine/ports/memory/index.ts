export { createMemoryDatabase, type MemoryDatabase } from './memory-database.ts';
export { emptyRows, type StoreName, type StoreRows } from './store-rows.ts';
export { memoryMediaFiles } from './media-files.ts';
