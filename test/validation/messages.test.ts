import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import * as rules from '../budgets/rules.refusals.ts';
import * as rechecks from '../cancellation/rechecks.refusals.ts';
import * as references from '../catalog/references.refusals.ts';
import * as rejections from '../contract/rejections.refusals.ts';
import * as data from '../messages/data.refusals.ts';
import * as requests from '../messages/requests.refusals.ts';
import * as policy from '../policy/policy.refusals.ts';
import * as settings from '../settings/settings.refusals.ts';
import { failureOf } from '../support/refusals.ts';
import type { Refusal } from '../support/refusals.ts';
import * as sweeps from '../sweeps/sweeps.refusals.ts';

/**
 * The wording of every refusal is in messages.golden.json, by the title of its case. After a change of wording:
 *
 *     node --test --test-update-snapshots test/validation/messages.test.ts
 *
 * and review the difference: senders and operators will read these messages.
 */
const GOLDEN = join(import.meta.dirname, 'messages.golden.json');

const lists: Readonly<Record<string, readonly Refusal[]>> = {
  approval: sweeps.REFUSED_APPROVALS,
  'connector call': requests.REFUSED_CALLS,
  confirmWithin: settings.REFUSED_DURATIONS,
  'data of a message': data.UNREADABLE_MESSAGES,
  'event id': requests.REFUSED_IDS,
  'idempotency record': rules.REFUSED_RECORDS,
  'message on the topic of requests': rejections.REJECTED_MESSAGES,
  policy: policy.FORBIDDEN_OPERATIONS,
  're-check': rechecks.REFUSED_RECHECKS,
  'reference, ambiguous': references.AMBIGUOUS_REFERENCES,
  'reference, malformed': references.MALFORMED_REFERENCES,
  'reference, odd spelling': references.ODD_SPELLINGS,
  'reference, uncancellable': references.UNCANCELLABLE_REFERENCES,
  'reference, unknown': references.UNKNOWN_REFERENCES,
  'reference without a name': references.WITHOUT_A_NAME,
  'regional endpoint': references.UNKNOWN_ENDPOINTS,
  'regional endpoint in a URL': references.UNKNOWN_ENDPOINT_HOSTS,
  request: requests.REFUSED_REQUESTS,
  'request with many mistakes': requests.WRONG_EVERYWHERE,
  'request with fields that are too large together': requests.TOO_LARGE_TOGETHER,
  'rule for a budget': rules.REFUSED_RULES,
  'run of a sweep': sweeps.REFUSED_RUNS,
  setting: settings.REFUSED_SETTINGS,
  settings: settings.REFUSED_ENVIRONMENTS,
  sweep: sweeps.REFUSED_SWEEPS,
  trigger: sweeps.REFUSED_TRIGGERS,
};

describe('the messages of refusals', () => {
  const refusals = Object.entries(lists).flatMap(([list, some]) =>
    some.map(({ title, refuse }) => [`${list}: ${title}`, refuse] as const),
  );

  it('every refusal has a unique name', () =>
    assert.equal(new Set(refusals.map(([name]) => name)).size, refusals.length));

  it('the messages of refusals are those of messages.golden.json', (test) => {
    const messages = refusals.map(([name, refuse]) => [name, failureOf(refuse).message]);
    test.assert.fileSnapshot(Object.fromEntries(messages), GOLDEN, {
      serializers: [(value) => `${JSON.stringify(value, undefined, 2)}\n`],
    });
  });

  it('every list of refusals is checked against messages.golden.json', () => {
    const modules = [rules, rechecks, references, rejections, data, requests, policy, settings, sweeps];
    const exported = modules.flatMap((module) => Object.entries<unknown>({ ...module }));
    const listed = new Set<unknown>(Object.values(lists));
    const missing = exported.filter(([, value]) => isRefusals(value) && !listed.has(value));
    assert.deepEqual(
      missing.map(([name]) => name),
      [],
    );
  });
});

const isRefusals = (value: unknown) =>
  Array.isArray(value) &&
  value.some((one: unknown) => typeof one === 'object' && one !== null && 'refuse' in one);
