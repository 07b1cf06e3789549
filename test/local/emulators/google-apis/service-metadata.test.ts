import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject } from '../../../../local/emulators/google-apis/rpc-status.ts';
import { IN_LOCATION, shown } from './metadata-samples.ts';
import { startCaller, type Caller } from './service-caller.ts';

const HOUR_MS = 3_600_000;

async function shownBy(caller: Caller, url: string): Promise<Readonly<Record<string, JsonObject>>> {
  return (await caller.get(url)).json as Readonly<Record<string, JsonObject>>;
}

describe('the metadata of an hour-old operation', () => {
  for (const [service, at, whileRunning, onceCancelled] of shown) {
    it(`the metadata of an hour-old operation at ${at} is that of ${service}`, async () => {
      await using caller = await startCaller();
      const url = `https://${at}`;
      caller.services.add(url, { ageMs: HOUR_MS });
      assert.deepEqual((await shownBy(caller, url))['metadata'], whileRunning);
      await caller.cancel(url);
      assert.deepEqual((await shownBy(caller, url))['metadata'], onceCancelled);
    });
  }

  for (const [service, at] of shown) {
    it(`the metadata at ${at} (${service}) has no start time if the age is unknown`, async () => {
      await using caller = await startCaller();
      caller.services.add(`https://${at}`, { ageMs: 'unknown' });
      assert.doesNotMatch((await caller.get(`https://${at}`)).text, /(?:create|start|submit|request)Time/i);
    });
  }
});

describe('the state in the metadata', () => {
  const states: readonly (readonly [string, string, readonly string[]])[] = [
    [
      `documentai.googleapis.com/v1/${IN_LOCATION}`,
      'state',
      ['CANCELLING', 'FAILED', 'SUCCEEDED', 'SUCCEEDED'],
    ],
    [
      `translation.googleapis.com/v3/${IN_LOCATION}`,
      'state',
      ['CANCELLING', 'FAILED', 'SUCCEEDED', 'SUCCEEDED'],
    ],
    [
      'firestore.googleapis.com/v1/projects/p/databases/d/operations/o',
      'operationState',
      ['CANCELLING', 'FAILED', 'SUCCESSFUL', 'SUCCESSFUL'],
    ],
    [`cloudbuild.googleapis.com/v1/${IN_LOCATION}`, 'status', ['WORKING', 'FAILURE', 'SUCCESS', 'SUCCESS']],
    [
      'storagetransfer.googleapis.com/v1/transferOperations/o',
      'status',
      ['IN_PROGRESS', 'FAILED', 'SUCCESS', 'SUCCESS'],
    ],
  ];
  for (const [at, field, words] of states) {
    it(`the metadata at ${at} calls its states ${words.join(', ')}`, async () => {
      await using caller = await startCaller();
      const url = `https://${at}`;
      const wordOf = async () =>
        new RegExp(`"${field}": "([A-Z_]+)"`).exec((await caller.get(url)).text)?.[1];
      const found: unknown[] = [];
      caller.services.add(url, { onCancel: 'never-ends' });
      await caller.cancel(url);
      found.push(await wordOf());
      for (const state of ['failed', 'succeeded', 'neither'] as const) {
        caller.services.add(url, { state });
        found.push(await wordOf());
      }
      assert.deepEqual(found, words);
    });
  }
});

describe('the response of an operation', () => {
  for (const [service, at] of shown) {
    it(`the response of an operation at ${at} (${service}) has a type`, async () => {
      await using caller = await startCaller();
      caller.services.add(`https://${at}`, { state: 'succeeded' });
      const { response } = await shownBy(caller, `https://${at}`);
      assert.match(String(response?.['@type']), /^type\.googleapis\.com\/google\.[a-z0-9.]+\.[A-Z]\w+$/);
    });
  }
});
