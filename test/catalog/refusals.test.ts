import { describe } from 'node:test';
import { itRefuses } from '../support/refusals.ts';
import { UNKNOWN_REFERENCES } from './references.refusals.ts';

describe('the catalog refuses', () => itRefuses(UNKNOWN_REFERENCES, (title) => title));
