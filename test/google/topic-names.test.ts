import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createOwnProject } from '../../src/google/own-project.ts';
import { createTopicNames } from '../../src/google/pubsub-publisher.ts';

describe('the full name of a topic', () => {
  const nameOf = createTopicNames({
    requests: 'incoming',
    rechecks: 'projects/other/topics/again',
    results: 'out',
  });
  const deliveryFrom = (messageProject: string | undefined, configured?: string) => {
    const ownProjectFor = createOwnProject({ configured, onGoogleCloud: false, now: () => 0 });
    return { ownProject: ownProjectFor(messageProject) };
  };

  it('is in the own project where the settings name none', async () => {
    assert.equal(await nameOf('requests', deliveryFrom(undefined, 'own')), 'projects/own/topics/incoming');
  });

  it('is in the project of the message where that stands for the own', async () => {
    assert.equal(await nameOf('results', deliveryFrom('of-message')), 'projects/of-message/topics/out');
  });

  it('is the full name that the settings give', async () => {
    assert.equal(await nameOf('rechecks', deliveryFrom('of-message')), 'projects/other/topics/again');
  });
});
