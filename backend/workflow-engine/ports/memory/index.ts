export { createMemoryDatabase } from './memory-database.ts';
