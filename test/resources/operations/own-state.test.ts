import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { catalog } from '../../../src/catalog/catalog.ts';
import { kindOf } from '../../../src/resources/kinds.ts';
import { OWN_STATES } from '../../../src/resources/operations/cancellation-states.ts';
import { longrunning } from '../../../src/resources/operations/longrunning.ts';
import { OWN_STATE_SAMPLES } from './own-state.samples.ts';
import type { OwnStateSample } from './own-state.samples.ts';

const FAILED = { code: 10, message: 'conflict' };
const STOPPED = { code: 1, message: 'stopped' };
/** Part of the result of a batch that was cancelled. */
const PARTIAL = { totalCharacters: '12' };

/** The body of an operation with this word at the sample's place. */
function bodyOf({ type, field }: OwnStateSample, word: string, rest: Record<string, unknown> = {}) {
  const [root = '', ...path] = field.split('.');
  const inner = path.reduceRight<unknown>((value, key) => ({ [key]: value }), word) as object;
  const within = rest[root] as object | undefined;
  const typed = { ...within, '@type': `type.googleapis.com/${type}`, ...inner };
  return { name: 'operations/o', metadata: { '@type': 'type.googleapis.com/x' }, ...rest, [root]: typed };
}

describe("a state of an operation in its service's own words", () => {
  for (const sample of OWN_STATE_SAMPLES) {
    const { service, type, field, running, succeeded, cancelled, cancelling = [], shared } = sample;
    const kind = kindOf('longrunning', service);
    const operation = `an operation of ${service} with ${type.split('.').slice(-2).join('.')} and ${field}`;
    const read = (word: string, rest?: Record<string, unknown>) => kind.readState(bodyOf(sample, word, rest));

    for (const word of cancelled === undefined ? [] : [cancelled]) {
      it(`${operation} ${word} is cancelled if it is done, whatever it ended with`, () => {
        assert.equal(read(word, { done: true }).kind, 'cancelled');
        assert.equal(read(word, { done: true, response: PARTIAL }).kind, 'cancelled');
        for (const error of [STOPPED, FAILED]) {
          assert.deepEqual(read(word, { done: true, error }), { kind: 'cancelled', error });
        }
      });
      it(`${operation} ${word} is not cancelled in another service`, () =>
        assert.deepEqual(longrunning.readState(bodyOf(sample, word, { done: true, response: PARTIAL })), {
          kind: 'succeeded',
        }));
      it(`${operation} ${word} is unreadable with an error that is a text`, () =>
        assert.equal(read(word, { done: true, error: 'stopped' }).kind, 'unreadable'));
    }
    if (field.startsWith('metadata.')) {
      for (const word of [...cancelling, ...(cancelled === undefined ? [] : [cancelled])]) {
        it(`${operation} ${word} runs, with a cancel under way, if it is not done`, () =>
          assert.deepEqual(read(word), { kind: 'running', cancellationRequested: true }));
      }
    }
    it(`${operation} ${running} or ${succeeded} runs, without a cancel, if it is not done`, () => {
      for (const word of [running, succeeded, 'PRECANCELLED', '']) {
        assert.deepEqual(read(word), { kind: 'running', cancellationRequested: false });
      }
    });
    it(`${operation} is never cancelled by a word that is not its word for that`, () => {
      const unknown = ['NOT_CANCELLED', 'CANCELLED_LATER', 'cancelled', '', 'constructor'];
      const aborted = service === 'storagetransfer' ? [] : ['ABORTED'];
      for (const word of [running, ...cancelling, ...unknown, ...aborted]) {
        for (const ended of [{ response: {} }, {}]) {
          assert.deepEqual(read(word, { done: true, ...ended }), { kind: 'succeeded' }, word);
        }
        assert.deepEqual(read(word, { done: true, error: FAILED }), { kind: 'failed', error: FAILED });
        assert.deepEqual(read(word, { done: true, error: STOPPED }), { kind: 'cancelled', error: STOPPED });
      }
    });
    it(`${operation} ${succeeded} ${shared ? 'is done in one of two ways' : 'has succeeded'}`, () => {
      for (const ended of [{ response: {} }, {}]) {
        assert.deepEqual(read(succeeded, { done: true, ...ended }), {
          kind: 'succeeded',
          ...(shared && { sharedWord: succeeded }),
        });
      }
      assert.equal(read(succeeded, { done: true, error: FAILED }).kind, 'failed');
      assert.equal(read(succeeded, { done: true, error: STOPPED }).kind, 'cancelled');
    });
  }

  it('the first of two fields that is there is the state', () => {
    const metadata = { operationState: 'SUCCESSFUL', state: 'CANCELLED' };
    const readState = (body: unknown) => kindOf('longrunning', 'firestore').readState(body);
    assert.deepEqual(readState({ done: true, metadata }), { kind: 'succeeded' });
    assert.equal(
      readState({ done: true, metadata: { ...metadata, operationState: null } }).kind,
      'cancelled',
    );
    assert.equal(
      readState({ done: true, metadata: { operation_state: 'CANCELLED' } }).kind,
      'cancelled',
      'a service may write the names of its proto',
    );
  });
});

describe('the state of an execution of remotebuildexecution', () => {
  const kind = kindOf('longrunning', 'remotebuildexecution');
  const readState = (body: unknown) => kind.readState(body);
  const done = (status: unknown) => ({
    name: 'operations/o',
    metadata: { '@type': 'type.googleapis.com/build.bazel.remote.execution.v2.ExecuteOperationMetadata' },
    done: true,
    response: { '@type': 'type.googleapis.com/build.bazel.remote.execution.v2.ExecuteResponse', status },
  });

  it('an execution whose response has the status 1 is cancelled', () =>
    assert.deepEqual(readState(done({ code: 1, message: 'stopped' })), {
      kind: 'cancelled',
      error: STOPPED,
    }));

  for (const status of [
    undefined,
    {},
    { code: 0 },
    { code: 9, message: 'x' },
    { code: '1' },
    'CANCELLED',
    1,
  ]) {
    it(`an execution whose response has the status ${JSON.stringify(status)} has succeeded`, () =>
      assert.deepEqual(readState(done(status)), { kind: 'succeeded' }));
  }

  it('the response of another service does not tell that an operation is cancelled', () =>
    assert.deepEqual(longrunning.readState(done({ code: 1 })), { kind: 'succeeded' }));
});

describe('a cancel that is under way', () => {
  const underWay = [
    ['notebooks', { requestedCancellation: true }],
    ['tpu', { cancelRequested: true }],
    ['logging', { cancellationRequested: true }],
    ['apigeeregistry', { cancellationRequested: true }],
    ['ml', { isCancellationRequested: true }],
    ['storage', { commonMetadata: { requestedCancellation: true } }],
    ['visionai', { operationMetadata: { requestedCancellation: true } }],
    ['visionai', { metadata: { requestedCancellation: true } }],
    ['spanner', { cancelTime: '2026-11-20T12:00:00.123456Z' }],
    ['osconfig', { requestedCancellation: true }],
    ['a service that writes the names of its proto', { requested_cancellation: true }],
    ['a service that learned the word', { state: 'CANCELLING' }],
  ] as const;
  for (const [service, metadata] of underWay) {
    const kind = kindOf('longrunning', service);
    const readState = (body: unknown) => kind.readState(body);

    it(`an operation of ${service} runs, with a cancel under way, with the metadata ${JSON.stringify(metadata)}`, () =>
      assert.deepEqual(readState({ name: 'o', metadata }), { kind: 'running', cancellationRequested: true }));

    it(`an operation of ${service} that is done has not been cancelled because of ${JSON.stringify(metadata)}`, () => {
      assert.deepEqual(readState({ name: 'o', done: true, response: {}, metadata }), { kind: 'succeeded' });
      assert.deepEqual(readState({ name: 'o', done: true, metadata }), { kind: 'succeeded' });
      assert.equal(readState({ name: 'o', done: true, error: FAILED, metadata }).kind, 'failed');
    });
  }

  for (const metadata of [
    { requestedCancellation: 'true' },
    { requestedCancellation: false, cancelRequested: null },
    { cancelTime: '' },
    { cancelTime: '1970-01-01T00:00:00Z' },
    { cancelTime: true },
    { cancellable: true },
    { originalRequest: { requestedCancellation: true } },
    { state: 'RUNNING' },
    { state: ['CANCELLING'] },
    [],
    'CANCELLING',
    null,
  ]) {
    it(`an operation shows no cancel with the metadata ${JSON.stringify(metadata)}`, () =>
      assert.deepEqual(longrunning.readState({ name: 'o', metadata }), {
        kind: 'running',
        cancellationRequested: false,
      }));
  }
});

describe('the table of own states', () => {
  it('each service of the table is in the catalog, has a source, and has a sample but for the one without words', () => {
    for (const [service, { source }] of Object.entries(OWN_STATES)) {
      assert.ok(Object.hasOwn(catalog.services, service), service);
      assert.match(source, /\.proto|^https:/, service);
    }
    const sampled = new Set(OWN_STATE_SAMPLES.map(({ service }) => service));
    assert.deepEqual(Object.keys(OWN_STATES), [...sampled, 'remotebuildexecution'].sort());
  });

  it('each field of the table has a sample', () => {
    const sampled = new Set(OWN_STATE_SAMPLES.map(({ service, field }) => `${service} ${field}`));
    for (const [service, { fields }] of Object.entries(OWN_STATES)) {
      for (const field of fields) assert.ok(sampled.has(`${service} ${field}`), `${service} ${field}`);
    }
  });

  it('an operation of any service is cancelled only if `done` is true, for any JSON', () => {
    const word = fc.oneof(fc.constantFrom('CANCELLED', 'CANCELED', 'ABORTED', 'DONE'), fc.jsonValue());
    const inner = fc.record({ state: word, status: word }, { requiredKeys: [] });
    const metadata = fc.record(
      {
        state: word,
        operationState: word,
        status: fc.oneof(word, inner),
        common: inner,
        build: inner,
        job: inner,
      },
      { requiredKeys: [] },
    );
    const body = fc.record(
      {
        name: fc.constant('o'),
        done: fc.oneof(fc.boolean(), fc.jsonValue()),
        error: fc.oneof(fc.constant(null), fc.record({ code: fc.constantFrom(0, 1, 13) })),
        response: fc.oneof(inner, fc.jsonValue()),
        metadata: fc.oneof(metadata, fc.jsonValue()),
      },
      { requiredKeys: [] },
    );
    const service = fc.constantFrom(...Object.keys(OWN_STATES), 'notebooks');
    fc.assert(
      fc.property(service, body, (name, value) => {
        const state = kindOf('longrunning', name).readState(value);
        if (state.kind === 'cancelled') assert.equal(value.done, true);
        if (value.done === true) assert.notEqual(state.kind, 'running');
      }),
      { numRuns: 2_000 },
    );
  });
});
