import { describe } from 'node:test';
import { itRefuses } from '../support/refusals.ts';
import {
  ODD_SPELLINGS,
  UNCANCELLABLE_REFERENCES,
  UNKNOWN_REFERENCES,
  WITHOUT_A_NAME,
} from './references.refusals.ts';

describe('a reference that the catalog does not resolve', () =>
  itRefuses(UNKNOWN_REFERENCES, (title) => `the catalog refuses a reference with ${title}`));

describe('a reference in another spelling than the canonical one', () =>
  itRefuses(ODD_SPELLINGS, (title) => `the catalog refuses an odd spelling: ${title}`));

describe('a reference to an operation without a method to cancel it', () =>
  itRefuses(
    UNCANCELLABLE_REFERENCES,
    (title) => `the catalog refuses as Unsupported an operation of ${title}`,
  ));

// messages.golden.json has the form of a name that each refusal suggests.
describe('a text that is not the name of an operation', () =>
  itRefuses(WITHOUT_A_NAME, (title) => `the catalog refuses a text that is not a name of ${title}`));
