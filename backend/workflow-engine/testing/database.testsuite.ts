import { callStoreContract } from './calls.testsuite.ts';
import { contentStoreContract } from './content.testsuite.ts';
import { credentialStoreContract } from './credentials.testsuite.ts';
import { definitionStoreContract } from './definitions.testsuite.ts';
import { draftStoreContract } from './drafts.testsuite.ts';
import { keywordStoreContract } from './keywords.testsuite.ts';
import { mediaStoreContract } from './media.testsuite.ts';
import { runLeaseContract } from './run-lease.testsuite.ts';
import { runLogContract } from './run-log.testsuite.ts';
import { runStoreContract } from './run-store.testsuite.ts';
import type { StoreSetup } from './store-setup.ts';
import { tableStoreContract } from './tables.testsuite.ts';
import { taskLimitsContract } from './task-limits.testsuite.ts';
import { taskQueueContract } from './tasks.testsuite.ts';
import { usageStoreContract } from './usage.testsuite.ts';
import { userStoreContract } from './users.testsuite.ts';

/** Every law of every store. An adapter is done when it passes; there is no way to leave one out. */
export function databaseContract(name: string, setup: () => Promise<StoreSetup>): void {
  runLogContract(name, setup);
  runLeaseContract(name, setup);
  runStoreContract(name, setup);
  callStoreContract(name, setup);
  contentStoreContract(name, setup);
  credentialStoreContract(name, setup);
  definitionStoreContract(name, setup);
  draftStoreContract(name, setup);
  keywordStoreContract(name, setup);
  mediaStoreContract(name, setup);
  tableStoreContract(name, setup);
  taskQueueContract(name, setup);
  taskLimitsContract(name, setup);
  usageStoreContract(name, setup);
  userStoreContract(name, setup);
}
