import { databaseContract } from '@wfm/workflow-engine/testing';
import { openTestDatabase } from '../testing/open-test-database.ts';

databaseContract('sqlite', openTestDatabase);
