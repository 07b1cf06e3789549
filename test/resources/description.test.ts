import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { container } from '../../src/resources/operations/container.ts';
import { longrunning } from '../../src/resources/operations/longrunning.ts';
import { sqladmin } from '../../src/resources/operations/sqladmin.ts';

const AT = '2026-11-20T10:34:04.000Z';
const type = (name: string) => ({ '@type': `type.googleapis.com/google.cloud.${name}` });

describe('the description of a resource', () => {
  for (const [title, kind, body, expected] of [
    [
      'notebooks',
      longrunning,
      {
        metadata: { ...type('notebooks.v2.OperationMetadata'), createTime: AT, verb: 'create', target: 'i' },
      },
      { type: 'OperationMetadata', verb: 'create', target: 'i', createTime: AT },
    ],
    [
      'a service that writes the names of its proto',
      longrunning,
      { metadata: { create_time: AT, generic_metadata: { target: 'i' } } },
      { target: 'i', createTime: AT },
    ],
    [
      'aiplatform',
      longrunning,
      {
        metadata: {
          ...type('aiplatform.v1.CreateDatasetOperationMetadata'),
          genericMetadata: { createTime: AT },
        },
      },
      { type: 'CreateDatasetOperationMetadata', createTime: AT },
    ],
    [
      'dataproc',
      longrunning,
      {
        metadata: {
          clusterName: 'c',
          operationType: 'CREATE',
          status: { state: 'RUNNING', stateStartTime: AT },
        },
      },
      { verb: 'CREATE', target: 'c', createTime: AT },
    ],
    [
      'Spanner',
      longrunning,
      { metadata: { instance: { name: 'projects/p/instances/i' }, startTime: AT } },
      { target: 'projects/p/instances/i', createTime: AT },
    ],
    [
      'Kubernetes Engine',
      container,
      { operationType: 'UPGRADE_NODES', targetLink: 'https://x/clusters/c', startTime: AT },
      { verb: 'UPGRADE_NODES', target: 'https://x/clusters/c', createTime: AT },
    ],
    [
      'Cloud SQL',
      sqladmin,
      { operationType: 'EXPORT', targetId: 'i', insertTime: AT },
      { verb: 'EXPORT', target: 'i', createTime: AT },
    ],
    ['fields of other types', longrunning, { metadata: { verb: {}, target: ['a'], createTime: 5 } }, {}],
    ['no metadata', longrunning, { name: 'o' }, {}],
    ['a body that is no object', longrunning, 'done', {}],
  ] as const) {
    it(`the description of an operation of ${title} has what its service states`, () =>
      assert.deepEqual(kind.describe(body), expected));
  }

  it('the facts of a description are bounded in bytes, well-formed and on one line, for any text', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 2_000 }),
      fc.constantFrom('😀'.repeat(5_000), `${'x'.repeat(511)}😀`, '\ud800', 'a\nb\u202e', '\0'.repeat(600)),
    );
    fc.assert(
      fc.property(text, text, text, (verb, target, name) => {
        const facts = longrunning.describe({ metadata: { '@type': `t/${name}`, verb, target } });
        for (const [fact, maxBytes] of [
          [facts.type, 128],
          [facts.verb, 128],
          [facts.target, 512],
        ] as const) {
          if (fact === undefined) continue;
          assert.ok(Buffer.byteLength(fact) <= maxBytes);
          assert.ok(fact.isWellFormed());
          assert.doesNotMatch(fact, /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
        }
      }),
    );
  });

  it('a fact that is cut ends in an ellipsis and keeps its characters whole', () => {
    const { target } = longrunning.describe({ metadata: { target: '😀'.repeat(200) } });
    assert.equal(target, `${'😀'.repeat(127)}…`);
    const whole = 'x'.repeat(512);
    assert.equal(longrunning.describe({ metadata: { target: whole } }).target, whole);
  });
});
