import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { read, startCaller, type Caller } from './service-caller.ts';

/** A GET of a collection that has an operation. */
async function collection(caller: Caller, at: string) {
  caller.services.add(`https://${at}/o`);
  return read(await caller.send(`https://${at}`));
}

describe('what has operations and no list of them', () => {
  for (const at of [
    'cloudbuild.googleapis.com/v1/operations',
    'cloudbuild.googleapis.com/v2/projects/p/locations/l/operations',
    'artifactregistry.googleapis.com/v1/projects/p/locations/l/operations',
    'bigqueryreservation.googleapis.com/v1alpha2/projects/p/locations/l/operations',
    'osconfig.googleapis.com/v1/projects/p/locations/l/osPolicyAssignments/a/operations',
    'firebasehosting.googleapis.com/v1/projects/p/sites/s/customDomains/d/operations',
    'texttospeech.googleapis.com/v1/operations',
    'videointelligence.googleapis.com/v1/operations',
    'ml.googleapis.com/v1/projects/p/locations/l/operations',
    'l-aiplatform.googleapis.com/v1/projects/p/locations/l/reasoningEngines/r/sandboxEnvironments/s/operations',
    'l-aiplatform.googleapis.com/v1beta1/projects/p/locations/l/reasoningEngines/r/examples/e/operations',
  ]) {
    it(`the collection ${at} cannot be listed`, async () => {
      await using caller = await startCaller();
      const answer = await collection(caller, at);
      assert.equal(answer.status, 404);
      assert.match(answer.text, /was not found on this server/);
    });
  }

  for (const at of [
    'artifactregistry.googleapis.com/v1beta2/projects/p/locations/l/operations',
    'osconfig.googleapis.com/v2/projects/p/locations/l/operations',
    'firebasehosting.googleapis.com/v1/operations',
    'firebasehosting.googleapis.com/v1beta1/projects/p/sites/s/customDomains/d/operations',
    'texttospeech.googleapis.com/v1/projects/p/locations/l/operations',
    'videointelligence.googleapis.com/v1/projects/p/locations/l/operations',
    'ml.googleapis.com/v1/projects/p/operations',
    'l-aiplatform.googleapis.com/v1/projects/p/locations/l/operations',
    'l-aiplatform.googleapis.com/v1beta1/projects/p/locations/l/reasoningEngines/r/sandboxEnvironments/s/operations',
  ]) {
    it(`the collection ${at} can be listed`, async () => {
      await using caller = await startCaller();
      assert.equal((await collection(caller, at)).status, 200);
    });
  }
});
