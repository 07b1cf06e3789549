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

  it('the full name of a topic has the own project if the settings name none', async () => {
    assert.equal(await nameOf('requests', deliveryFrom(undefined, 'own')), 'projects/own/topics/incoming');
  });

  it('the full name of a topic has the project of the message if that stands for the own', async () => {
    assert.equal(await nameOf('results', deliveryFrom('of-message')), 'projects/of-message/topics/out');
  });

  it('the full name of a topic is the one of the settings if they have a full name', async () => {
    assert.equal(await nameOf('rechecks', deliveryFrom('of-message')), 'projects/other/topics/again');
  });
});
