import { describe } from 'node:test';
import { itRefuses } from '../support/refusals.ts';
import { UNCANCELLABLE_REFERENCES, UNKNOWN_REFERENCES, WITHOUT_A_NAME } from './references.refusals.ts';

describe('the catalog refuses', () => itRefuses(UNKNOWN_REFERENCES, (title) => title));

describe('the catalog refuses, as without a method to cancel it, an operation of', () =>
  itRefuses(UNCANCELLABLE_REFERENCES, (title) => title));

// The golden messages have the form that each refusal suggests.
describe('the catalog refuses a text that is no name of an operation of', () =>
  itRefuses(WITHOUT_A_NAME, (title) => title));
