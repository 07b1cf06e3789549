import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { contextOf } from '../../src/messages/cloud-event.ts';
import { routeOf } from '../../src/messages/route.ts';
import { base64, readEvent } from '../support/events.ts';

const TOPICS = {
  requests: 'in',
  rechecks: 'again',
  results: 'out',
  triggers: 'projects/p/topics/start',
  deadLetters: 'dead',
};
const DEAD = { CloudPubSubDeadLetterSourceSubscription: 's' };

/** The route of a message with this topic and these attributes. */
function route(topic: string | undefined, attributes: Record<string, string>, data?: object) {
  const message = readEvent({
    id: 'm',
    type: 'google.cloud.pubsub.topic.v1.messagePublished',
    source: topic === undefined ? 'null' : `//pubsub.googleapis.com/projects/p/topics/${topic}`,
    data: { message: { messageId: 'm', attributes, ...(data !== undefined && { data: base64(data) }) } },
  });
  return routeOf(message, contextOf(message), TOPICS);
}

describe('the route of a message by topic and attributes', () => {
  for (const [topic, attributes, expected] of [
    ['in', {}, 'request'],
    ['in', { 'ce-type': 'lro-cancel.recheck.v1' }, 'misplaced'],
    ['in', { 'ce-type': 'lro-cancel.sweep-run.v1' }, 'misplaced'],
    ['in', { 'ce-type': 'lro-cancel.trigger.v1' }, 'misplaced'],
    ['in', { 'ce-type': 'lro-cancel.request.v2' }, 'misplaced'],
    ['in', { 'ce-type': 'com.example.approval' }, 'request'],
    ['again', {}, 'recheck'],
    ['again', { 'ce-type': 'lro-cancel.request.v1' }, 'misplaced'],
    ['again', { 'ce-type': 'lro-cancel.trigger.v1' }, 'misplaced'],
    ['again', { 'ce-type': 'lro-cancel.sweep-run.v1' }, 'sweep-run'],
    ['again', { 'ce-type': 'lro-cancel.idempotency-record.v1' }, 'idempotency-record'],
    ['again', { 'ce-type': 'lro-cancel.run-list.v1' }, 'run-list'],
    ['again', { 'ce-type': 'lro-cancel.approval.v1' }, 'approval'],
    ['start', {}, 'trigger'],
    ['start', { 'ce-type': 'lro-cancel.request.v1' }, 'misplaced'],
    ['dead', { 'ce-type': 'lro-cancel.sweep-run.v1' }, 'dead-letter'],
    ['out', {}, 'own-output'],
    ['in', { 'ce-type': 'lro-cancel.result.v1', 'ce-source': 'urn:lro-cancel' }, 'misplaced'],
    ['in', { 'ce-type': 'lro-cancel.sweep.v1', 'ce-source': 'urn:lro-cancel' }, 'misplaced'],
    ['in', { 'ce-type': 'lro-cancel.sweep.v1', 'ce-source': '/somebody' }, 'misplaced'],
    [undefined, { 'ce-type': 'lro-cancel.result.v1', 'ce-source': 'urn:lro-cancel' }, 'misplaced'],
    [undefined, { 'ce-type': 'lro-cancel.request.v2' }, 'misplaced'],
    ['unheard-of', {}, 'request'],
    [undefined, {}, 'request'],
    [undefined, { 'ce-type': 'lro-cancel.recheck.v1' }, 'recheck'],
    [undefined, { 'ce-type': 'lro-cancel.trigger.v1' }, 'trigger'],
    [undefined, { 'ce-type': 'lro-cancel.sweep-run.v1' }, 'sweep-run'],
    [undefined, { 'ce-type': 'lro-cancel.idempotency-record.v1' }, 'idempotency-record'],
    [undefined, { 'ce-type': 'lro-cancel.run-list.v1' }, 'run-list'],
    [undefined, { 'ce-type': 'lro-cancel.approval.v1' }, 'approval'],
    [undefined, { ...DEAD, 'ce-type': 'lro-cancel.recheck.v1' }, 'dead-letter'],
    // Properties that every object of JavaScript has must not be taken for listed types.
    [undefined, { 'ce-type': '__proto__' }, 'request'],
    ['again', { 'ce-type': 'constructor' }, 'recheck'],
  ] as const) {
    it(`a message on ${topic ?? 'an unknown topic'} with ${JSON.stringify(attributes)} is routed as ${expected}`, () => {
      assert.equal(route(topic, attributes), expected);
    });
  }
});

const OWN = { 'ce-source': 'urn:lro-cancel' };
const RESULT = {
  requestId: 'r',
  outcome: 'CANCELLED',
  detail: '…',
  cancel: {},
  confirm: {},
  finishedAt: '2026-11-20T12:00:00Z',
};
const REPORT = { sweep: 's', runId: 'r', detail: '…', cause: {}, finishedAt: '2026-11-20T12:00:00Z' };
const RECHECK = { requestId: 'r', operation: {}, step: 'cancel', attempt: 1, deadline: '…', notBefore: '…' };
const RUN = { sweep: 's', runId: 'r', fingerprint: 'f', deadline: '…', notBefore: '…' };

describe('the route of a message by its data', () => {
  for (const [topic, attributes, data, expected] of [
    [undefined, {}, { operation: 'o' }, 'request'],
    [undefined, {}, { sweep: 's' }, 'trigger'],
    [undefined, {}, { sweep: 's', dryrun: true }, 'trigger'],
    [undefined, {}, { sweep: 's', operation: 'o' }, 'request'],
    [undefined, {}, { alertThresholdExceeded: 1, costAmount: 1 }, 'trigger'],
    [undefined, {}, { budgetDisplayName: 'b', operation: 'o' }, 'request'],
    [undefined, { billingAccountId: 'a', budgetId: 'b' }, {}, 'trigger'],
    [undefined, {}, RECHECK, 'recheck'],
    [undefined, {}, RUN, 'sweep-run'],
    [undefined, {}, { key: 'k', window: 1, renewals: 1 }, 'idempotency-record'],
    [undefined, {}, { runId: 'r', entry: 'part', requests: [], operations: [] }, 'run-list'],
    [undefined, {}, { runId: 'r', step: 0, offset: 0, requested: 0 }, 'approval'],
    [undefined, {}, { approve: 'r' }, 'trigger'],
    [undefined, {}, RESULT, 'own-output'],
    [undefined, {}, REPORT, 'own-output'],
    [undefined, {}, { hello: 'world' }, 'request'],
    [undefined, { 'ce-type': 'lro-cancel.request.v1' }, { sweep: 's' }, 'request'],
    ['budget-alerts', {}, { alertThresholdExceeded: 1 }, 'trigger'],
    ['in', {}, { sweep: 's' }, 'request'],
    ['start', {}, { operation: 'o' }, 'trigger'],
    ['again', {}, RUN, 'sweep-run'],
    ['again', {}, { operation: 'o' }, 'recheck'],
    ['in', { ...OWN, 'ce-type': 'lro-cancel.result.v1' }, RESULT, 'own-output'],
    ['dead', { ...OWN, 'ce-type': 'lro-cancel.sweep.v1' }, REPORT, 'own-output'],
    ['in', { 'ce-source': '/me', 'ce-type': 'lro-cancel.result.v1' }, RESULT, 'misplaced'],
    ['in', { ...OWN, 'ce-type': 'lro-cancel.result.v1' }, { operation: 'o' }, 'misplaced'],
  ] as const) {
    it(`a message on ${topic ?? 'an unknown topic'} with ${JSON.stringify({ attributes, data })} is routed as ${expected}`, () => {
      assert.equal(route(topic, attributes, data), expected);
    });
  }
});
