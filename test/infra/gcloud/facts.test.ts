import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { factsOfCalls, factsOfResources } from './facts.ts';

const COMMON = ['--quiet', '--project=my-project'];

describe('the comparison of deploy.sh with the module', () => {
  it('a queue of the same numbers is the same fact, and one of another rate is not', () => {
    const queue = (rate: number) => ({
      type: 'google_cloud_tasks_queue',
      values: {
        name: 'q',
        location: 'europe-west1',
        rate_limits: [{ max_concurrent_dispatches: 100, max_dispatches_per_second: rate }],
        retry_config: [{ max_attempts: -1, min_backoff: '1s', max_backoff: '60s', max_doublings: 6 }],
      },
    });
    const calls = [
      [
        ...COMMON,
        'tasks',
        'queues',
        'update',
        'q',
        '--location=europe-west1',
        '--max-dispatches-per-second=100',
      ].concat(
        ['--max-concurrent-dispatches=100', '--max-attempts=-1', '--min-backoff=1s', '--max-backoff=60s'],
        '--max-doublings=6',
      ),
    ];
    assert.deepEqual(factsOfCalls(calls), factsOfResources([queue(100)]));
    assert.notDeepEqual(factsOfCalls(calls), factsOfResources([queue(500)]));
  });

  it('a grant names resource, role and member', () => {
    const calls = [
      [
        ...COMMON,
        'pubsub',
        'topics',
        'add-iam-policy-binding',
        't',
        '--member=group:g@example.com',
        '--role=roles/r',
      ],
    ];
    const values = { topic: 't', role: 'roles/r', member: 'group:g@example.com' };
    assert.deepEqual(
      factsOfCalls(calls),
      factsOfResources([{ type: 'google_pubsub_topic_iam_member', values }]),
    );
    assert.deepEqual([...factsOfCalls(calls)], ['group:g@example.com has roles/r on topics t']);
  });

  it('a setting is the same in every form of its JSON', () => {
    const file = 'CONFIRM_WITHIN: "900s"\nSWEEPS: |-\n  {\n    "b": 1, "a": [2]\n  }\n';
    const facts = factsOfCalls([[...COMMON, 'functions', 'deploy', 'f', `--env-vars-file=${file}`]]);
    assert.ok(facts.has('setting CONFIRM_WITHIN is 900s'));
    assert.ok(facts.has('setting SWEEPS is {"a":[2],"b":1}'));
  });

  it('a grant of a kind that deploy.sh does not make is an error', () =>
    assert.throws(
      () => factsOfResources([{ type: 'google_storage_bucket_iam_member', values: {} }]),
      /no script of infra\/gcloud makes/,
    ));
});
