import { describe } from 'node:test';
import { itRefuses } from '../support/refusals.ts';
import { UNKNOWN_REFERENCES } from './references.refusals.ts';

describe('a reference that the catalog does not resolve', () =>
  itRefuses(UNKNOWN_REFERENCES, (title) => `the catalog refuses a reference with ${title}`));
