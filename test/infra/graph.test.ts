import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { misorderedResources } from './graph.ts';

/** A part of the graph of the module, as `terraform graph` writes it. */
const GRAPH = `digraph G {
  "google_pubsub_topic.requests" [label="google_pubsub_topic.requests"];
  "time_sleep.apis" [label="time_sleep.apis"];
  "google_project_service_identity.agent" -> "google_project_service.required";
  "time_sleep.apis" -> "google_project_service_identity.agent";
  "google_pubsub_topic.requests" -> "time_sleep.apis";
}`;
const ofTopics = (mistakes: readonly string[]) =>
  mistakes.filter((mistake) => /^(google_pubsub_topic|time_sleep|google_project_service)/.test(mistake));

describe('the check of the order of the first apply', () => {
  it('accepts a resource that waits for its API through others', () =>
    assert.deepEqual(ofTopics(misorderedResources(GRAPH)), []));

  it('finds a resource that does not wait for its API', () =>
    assert.deepEqual(
      ofTopics(
        misorderedResources(GRAPH.replace('"google_pubsub_topic.requests" -> "time_sleep.apis";', '')),
      ),
      ['google_pubsub_topic.requests does not wait for time_sleep.apis: an API is not usable at once'],
    ));

  it('finds a wait that does not include the service agents', () =>
    assert.deepEqual(
      ofTopics(
        misorderedResources(
          GRAPH.replace('"time_sleep.apis" -> "google_project_service_identity.agent";', ''),
        ),
      ),
      [
        'time_sleep.apis does not wait for google_project_service_identity.agent: IAM refuses agents that do not exist',
      ],
    ));

  it('finds that a resource of the order is not in the module at all', () =>
    assert.ok(
      misorderedResources(GRAPH).some((mistake) => mistake.startsWith('no resource is like ^google_cloudf')),
    ));
});
