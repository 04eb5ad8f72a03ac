import { runLogContract } from '@wfm/workflow-engine/testing';
import { openTestDatabase } from './open-test-database.ts';

runLogContract('sqlite', openTestDatabase);
