import { databaseContract } from '@wfm/workflow-engine/testing';
import { describe } from 'vitest';
import { mongoForTests } from '../testing/open-mongo-database.ts';

const mongo = await mongoForTests();

describe.skipIf(mongo.missing !== '')(`on a server of MongoDB's protocol ${mongo.missing}`, () => {
  databaseContract('mongo', () => mongo.open());
});
