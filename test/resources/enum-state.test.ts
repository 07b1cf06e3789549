import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { enumStateKind } from '../../src/resources/enum-state.ts';

/** Custom jobs of Vertex AI, and jobs of Dataflow, which have an id instead of a name. */
const customJobs = enumStateKind({
  noun: 'job',
  stateField: 'state',
  states: {
    JOB_STATE_QUEUED: 'running',
    JOB_STATE_CANCELLING: 'cancelling',
    JOB_STATE_CANCELLED: 'cancelled',
    JOB_STATE_SUCCEEDED: 'succeeded',
    JOB_STATE_FAILED: 'failed',
    JOB_STATE_EXPIRED: 'failed',
  },
  errorField: 'error',
  itemsField: 'customJobs',
  pageSizeParameter: 'pageSize',
  createdAtFields: ['createTime'],
  matchableFields: ['displayName', 'labels.*'],
});
const dataflow = enumStateKind({
  noun: 'job',
  stateField: 'currentState',
  states: { JOB_STATE_RUNNING: 'running' },
  itemsField: 'jobs',
  unreachableField: 'failedLocation',
  pageSizeParameter: 'pageSize',
  nameField: 'id',
  placeFields: ['location'],
  createdAtFields: ['createTime'],
  matchableFields: ['name', 'labels.*'],
});

describe('a kind of resource whose state is an enum', () => {
  for (const [title, body, expected] of [
    ['running', { state: 'JOB_STATE_QUEUED' }, { kind: 'running', cancellationRequested: false }],
    ['cancelling', { state: 'JOB_STATE_CANCELLING' }, { kind: 'running', cancellationRequested: true }],
    ['succeeded', { state: 'JOB_STATE_SUCCEEDED', error: { code: 1 } }, { kind: 'succeeded' }],
    [
      'cancelled, with its error',
      { state: 'JOB_STATE_CANCELLED', error: { code: 1, message: 'by a user' } },
      { kind: 'cancelled', error: { code: 1, message: 'by a user' } },
    ],
    [
      'cancelled, with the state as the error if there is none',
      { state: 'JOB_STATE_CANCELLED' },
      { kind: 'cancelled', error: { code: 1, message: 'JOB_STATE_CANCELLED' } },
    ],
    [
      'failed, with its error',
      { state: 'JOB_STATE_FAILED', error: { code: 8, message: 'no quota' } },
      { kind: 'failed', error: { code: 8, message: 'no quota' } },
    ],
    [
      'failed, with a text as the error',
      { state: 'JOB_STATE_FAILED', error: 'no quota' },
      { kind: 'failed', error: { code: 2, message: 'no quota' } },
    ],
    [
      'failed, with the state as the error if there is none',
      { state: 'JOB_STATE_EXPIRED', error: null },
      { kind: 'failed', error: { code: 2, message: 'JOB_STATE_EXPIRED' } },
    ],
    [
      'unreadable, for a state that the kind does not list',
      { state: 'JOB_STATE_OF_TOMORROW' },
      { kind: 'unreadable', problem: '"state" is not a known state of a job' },
    ],
    [
      'unreadable, for a property of every object',
      { state: 'constructor' },
      { kind: 'unreadable', problem: '"state" is not a known state of a job' },
    ],
    [
      'unreadable, for no state',
      {},
      { kind: 'unreadable', problem: '"state" is not a known state of a job' },
    ],
    ['unreadable, for a list', [], { kind: 'unreadable', problem: 'the answer is not a JSON object' }],
  ] as const) {
    it(`an enum state kind reads ${JSON.stringify(body)} as ${title}`, () =>
      assert.deepEqual(customJobs.readState(body), expected));
  }

  it('an enum state is cancelled only if the field says so, for any JSON', () => {
    const state = fc.oneof(fc.constantFrom('JOB_STATE_CANCELLED', 'JOB_STATE_FAILED', 'x'), fc.jsonValue());
    const body = fc.record({ state, error: fc.jsonValue() }, { requiredKeys: [] });
    fc.assert(
      fc.property(body, (value) => {
        assert.equal(customJobs.readState(value).kind === 'cancelled', value.state === 'JOB_STATE_CANCELLED');
      }),
      { numRuns: 2_000 },
    );
  });

  it('an enum state kind reads the items and the unreachable places of a page from its own fields', () => {
    assert.deepEqual(customJobs.readPage({ customJobs: [{}], nextPageToken: 't', unreachable: ['l'] }), {
      entries: [{}],
      nextPageToken: 't',
      unreachable: ['l'],
    });
    assert.deepEqual(dataflow.readPage({ jobs: [], failedLocation: [{ name: 'us-east1' }] }), {
      entries: [],
      nextPageToken: undefined,
      unreachable: ['{"name":"us-east1"}'],
    });
    assert.deepEqual(customJobs.readPage({ customJobs: {} }), { problem: 'the list has no array of jobs' });
  });

  it('an enum state kind names an entry by its name, or by its id and its place', () => {
    const name = 'projects/p/locations/l/customJobs/1';
    assert.equal(customJobs.nameOf({ name }, { name: 'projects/p/locations/-/customJobs' }), name);
    const collection = { name: 'projects/p/locations/-/jobs' };
    assert.equal(dataflow.nameOf({ id: '1', location: 'l' }, collection), 'projects/p/locations/l/jobs/1');
    assert.equal(dataflow.nameOf({ id: '1' }, collection), undefined);
    assert.equal(dataflow.nameOf({ name: 'its display name', location: 'l' }, collection), undefined);
  });

  it('an enum state kind has its own fields for the creation time and for matching', () => {
    assert.equal(
      customJobs.createdAtMs({ createTime: '2026-11-20T12:00:00Z' }),
      Date.parse('2026-11-20T12:00:00Z'),
    );
    const fields = ['displayName', 'labels.team', 'labels', 'displayNameX', 'metadata.target'];
    assert.deepEqual(
      fields.map((field) => customJobs.matchableFields.test(field)),
      [true, true, false, false, false],
    );
  });
});
