import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createTopicNames } from '../../src/google/topic-names.ts';

describe('the full name of a topic', () => {
  const topics = { requests: 'incoming', rechecks: 'projects/other/topics/again', results: 'out' };
  const nameOf = createTopicNames(topics, {
    id: (messageProject) => Promise.resolve(messageProject ?? 'own'),
    names: () => Promise.resolve([]),
  });

  it('is in the own project where the settings name none', async () => {
    assert.equal(await nameOf('requests', undefined), 'projects/own/topics/incoming');
  });

  it('is in the project of the message where that stands for the own', async () => {
    assert.equal(await nameOf('results', 'of-message'), 'projects/of-message/topics/out');
  });

  it('is what the settings say where they say it in full', async () => {
    assert.equal(await nameOf('rechecks', 'of-message'), 'projects/other/topics/again');
  });
});
