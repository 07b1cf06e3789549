import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { canonicalSpelling, checkSpelling } from '../../src/catalog/spelling.ts';

const segment = fc.constantFrom(
  ...['projects', 'Projects', 'namespaces', 'locations', 'zones', 'operations', 'OPERATIONS', 'buckets'],
  ...['0', '007', '00', '12', '0x1', 'a0', 'Us-Central1', 'us-central1', 'É', 'İ', 'operation-1', ''],
);

describe('the spelling of a name', () => {
  it('a name is accepted exactly where it is its own canonical spelling', () =>
    fc.assert(
      fc.property(
        fc.array(segment, { minLength: 1, maxLength: 8 }),
        fc.constantFrom('aiplatform', 'notebooks', 'run'),
        (segments, service) => {
          const name = segments.join('/');
          const check = () => checkSpelling(service, { name });
          if (canonicalSpelling(name, service) === name) assert.doesNotThrow(check);
          else assert.throws(check, /must be spelled/);
        },
      ),
      { numRuns: 5_000 },
    ));
});
