import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject } from '../../../../local/emulators/google-apis/rpc-status.ts';
import { OPERATION, START_MS, startCaller } from './service-caller.ts';

const STARTED = '2026-11-20T11:34:04.000Z';
const CANCELLED = '2026-11-20T11:34:05.000Z';
const ENDED = '2026-11-20T11:34:08.000Z';

/** The metadata of three moments: running, cancel accepted, and cancelled. */
interface Shown {
  readonly service: string;
  readonly url: string;
  readonly running: JsonObject;
  readonly requested: JsonObject;
  readonly ended: JsonObject;
}

function controlPlane(service: string, version: string, cancelField: string) {
  const metadata = (requested: boolean, endTime?: string) => ({
    '@type': `type.googleapis.com/google.cloud.${service}.${version}.OperationMetadata`,
    createTime: STARTED,
    ...(endTime && { endTime }),
    target: 'projects/p/locations/us-central1/instances/o',
    verb: 'create',
    [cancelField]: requested,
    apiVersion: version,
  });
  return {
    service,
    url: `https://${service}.googleapis.com/${version}/projects/p/locations/us-central1/operations/o`,
    running: { metadata: metadata(false), done: false },
    requested: { metadata: metadata(true), done: false },
    ended: { metadata: metadata(true, ENDED), done: true },
  };
}

function aiplatform(host: string) {
  const metadata = (updateTime: string) => ({
    '@type': 'type.googleapis.com/google.cloud.aiplatform.v1beta1.CreateDatasetOperationMetadata',
    genericMetadata: { createTime: STARTED, updateTime },
  });
  return {
    service: `aiplatform at ${host}`,
    url: `https://${host}/v1beta1/projects/p/locations/us-central1/datasets/1/operations/2`,
    running: { metadata: metadata(STARTED) },
    requested: { metadata: metadata(CANCELLED) },
    ended: { metadata: metadata(ENDED), done: true },
  };
}

const dialogflow = (state: string, doneTime?: string) => ({
  '@type': 'type.googleapis.com/google.cloud.dialogflow.v2beta1.KnowledgeOperationMetadata',
  state,
  knowledgeBase: 'projects/p/instances/o',
  ...(doneTime && { doneTime }),
});

const cloudchannel = {
  '@type': 'type.googleapis.com/google.cloud.channel.v1.OperationMetadata',
  operationType: 'CREATE_ENTITLEMENT',
};

const shown: readonly Shown[] = [
  controlPlane('notebooks', 'v2', 'requestedCancellation'),
  controlPlane('cloudaicompanion', 'v1', 'requestedCancellation'),
  controlPlane('tpu', 'v2', 'cancelRequested'),
  aiplatform('us-central1-aiplatform.googleapis.com'),
  aiplatform('aiplatform.us.rep.googleapis.com'),
  {
    service: 'dialogflow',
    url: 'https://dialogflow.googleapis.com/v2beta1/projects/p/operations/o',
    running: { metadata: dialogflow('RUNNING') },
    requested: { metadata: dialogflow('RUNNING') },
    ended: { metadata: dialogflow('DONE', ENDED), done: true },
  },
  {
    service: 'cloudchannel',
    url: 'https://cloudchannel.googleapis.com/v1/operations/o',
    running: { metadata: cloudchannel },
    requested: { metadata: cloudchannel },
    ended: { metadata: cloudchannel, done: true },
  },
];

describe('an operation as its service shows it', () => {
  for (const { service, url, running, requested, ended } of shown) {
    it(`an operation of ${service} is shown in its service's form from running to cancelled`, async () => {
      await using caller = await startCaller();
      caller.services.add(url, { onCancel: 'cancelled', afterMs: 3000 });
      const name = url.slice(url.indexOf('/v') + 1).replace(/^[^/]+\//, '');
      assert.deepEqual((await caller.get(url)).json, { name, ...running });
      caller.advance(1000);
      await caller.cancel(url);
      assert.deepEqual((await caller.get(url)).json, { name, ...requested });
      caller.advance(3000);
      const error = { code: 1, message: 'The operation was cancelled.' };
      assert.deepEqual((await caller.get(url)).json, { name, ...ended, error });
    });

    it(`an operation of ${service} has a response of its service's type`, async () => {
      await using caller = await startCaller();
      caller.services.add(url, { state: 'succeeded' });
      const { response } = (await caller.get(url)).json as { response: JsonObject };
      assert.match(String(response['@type']), /^type\.googleapis\.com\/google\.cloud\.[a-z0-9.]+\.[A-Z]/);
    });
  }
});

describe('the metadata of an operation', () => {
  const metadataOf = (json: unknown) => (json as { metadata: JsonObject }).metadata;

  it("the metadata's create time is the scripted age before the addition", async () => {
    await using caller = await startCaller();
    caller.services.add(OPERATION, { ageMs: 3_600_000 });
    const { createTime } = metadataOf((await caller.get(OPERATION)).json);
    assert.equal(createTime, new Date(START_MS - 3_600_000).toISOString());
  });

  for (const host of ['notebooks', 'aiplatform']) {
    it(`the metadata of ${host} has no create time if the age is unknown`, async () => {
      await using caller = await startCaller();
      const url = OPERATION.replace('notebooks', host);
      caller.services.add(url, { ageMs: 'unknown' });
      assert.doesNotMatch((await caller.get(url)).text, /createTime/);
    });
  }

  it("the metadata has the script's fields over its own, without those that are null", async () => {
    await using caller = await startCaller();
    caller.services.add(OPERATION, { metadata: { verb: 'delete', target: null, extra: [1] } });
    const metadata = metadataOf((await caller.get(OPERATION)).json);
    assert.deepEqual([metadata['verb'], metadata['extra'], 'target' in metadata], ['delete', [1], false]);
  });
});
