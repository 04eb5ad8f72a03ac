export { systemClock, uuidIds } from './clock.ts';
export { type OpenOptions, openDatabase } from './database.ts';
export { keepSecret } from './secrets.ts';
export { type SnapshotHead } from './virtual/snapshot-body.ts';
export { createSnapshotSeal, type SnapshotOwner, type SnapshotSeal } from './virtual/snapshot-seal.ts';
export { createVirtualStorage, type VirtualDatabase, type VirtualStorage } from './virtual/virtual-database.ts';
