import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { START_MS, startCaller } from '../service-caller.ts';
import { call, cancelJob, errorOf, otherJob, stateOf, valueAt, withQuery } from './job-caller.ts';
import { JOB_SAMPLES, type JobSample } from '../../../../support/job-samples.ts';

for (const sample of JOB_SAMPLES) {
  const { kind, url, words } = sample;

  describe(`a job of ${kind}`, () => {
    it(`${kind}: it runs until a cancel, is shown as cancelling, and then as cancelled`, async () => {
      await using caller = await startCaller();
      caller.services.addJob(url, { afterMs: 5000 });
      assert.equal(await stateOf(caller, sample), words.running);
      assert.equal((await cancelJob(caller, sample)).status, 200);
      caller.advance(4999);
      assert.equal(await stateOf(caller, sample), words.cancelling);
      caller.advance(1);
      assert.equal(await stateOf(caller, sample), words.cancelled);
    });

    for (const effect of ['succeeded', 'failed'] as const) {
      it(`${kind}: it can have ${effect} despite a cancel`, async () => {
        await using caller = await startCaller();
        caller.services.addJob(url, { onCancel: effect });
        assert.equal((await cancelJob(caller, sample)).status, 200);
        assert.equal(await stateOf(caller, sample), words[effect]);
      });

      it(`${kind}: a cancel of one that has ${effect} is answered ${sample.finished}, and changes nothing`, async () => {
        await using caller = await startCaller();
        caller.services.addJob(url, { state: effect });
        const answer = await cancelJob(caller, sample);
        assert.equal(answer.status, sample.finished);
        if (sample.finished === 400) assert.equal(errorOf(answer)[1], 'FAILED_PRECONDITION');
        assert.equal(await stateOf(caller, sample), words[effect]);
      });
    }

    it(`${kind}: one that has ended can be scripted to take a cancel, or to refuse it`, async () => {
      await using caller = await startCaller();
      for (const [whenFinished, status] of [
        ['accepted', 200],
        ['refused', 400],
      ] as const) {
        caller.services.addJob(url, { state: 'succeeded', whenFinished });
        assert.equal((await cancelJob(caller, sample)).status, status);
        assert.equal(await stateOf(caller, sample), words.succeeded);
      }
    });

    it(`${kind}: it shows the time at which it was made, where its service does`, async () => {
      await using caller = await startCaller();
      caller.services.addJob(url, { ageMs: 3_600_000 });
      if (sample.created === undefined) return;
      const shown = valueAt(await caller.get(url), sample.created);
      const time = new Date(START_MS - 3_600_000);
      assert.equal(shown, kind === 'bigquery jobs' ? String(time.getTime()) : time.toISOString());
    });

    it(`${kind}: a job that is not there is NOT_FOUND, and one that a cancel deletes is gone`, async () => {
      await using caller = await startCaller();
      assert.deepEqual(errorOf(await caller.get(url)).slice(0, 2), [404, 'NOT_FOUND']);
      assert.deepEqual(errorOf(await cancelJob(caller, sample)).slice(0, 2), [404, 'NOT_FOUND']);
      caller.services.addJob(url, { onCancel: 'vanishes', afterMs: 1000 });
      await cancelJob(caller, sample);
      caller.advance(1000);
      assert.equal((await caller.get(url)).status, 404);
      assert.equal((await cancelJob(caller, sample)).status, 404);
    });

    it(`${kind}: a denied cancel names the permission that it needs`, async () => {
      await using caller = await startCaller();
      caller.services.addJob(url, { cancelFaults: [{ kind: 'PERMISSION_DENIED' }] });
      const [status, name, message] = errorOf(await cancelJob(caller, sample));
      assert.deepEqual([status, name], [403, 'PERMISSION_DENIED']);
      assert.ok(message.includes(`'${sample.permission}'`), message);
      assert.equal(await stateOf(caller, sample), words.running);
    });

    it(`${kind}: another method, or another path, is the front end's 404`, async () => {
      await using caller = await startCaller();
      caller.services.addJob(url);
      const { method, url: at, body } = sample.cancel;
      const wrong: readonly (readonly [string, string])[] = [
        ['GET', method === 'PUT' ? `${at}:cancel` : at],
        ['PATCH', at],
        ['DELETE', at],
        [method === 'PUT' ? 'POST' : 'PUT', at],
        ['POST', `${url}:terminate`],
        ['POST', at.endsWith(':cancel') ? `${url}/cancel` : `${url}:cancel`],
      ];
      for (const [verb, path] of wrong) {
        const answer = await call(caller, verb, path, verb === 'GET' ? undefined : (body ?? {}));
        assert.equal(answer.status, 404, `${verb} ${path}`);
        assert.match(answer.text, /was not found on this server/);
      }
      assert.equal(await stateOf(caller, sample), words.running);
    });

    it(`${kind}: a body with an unknown field and an unknown parameter are refused, and cancel nothing`, async () => {
      await using caller = await startCaller();
      caller.services.addJob(url);
      const { method, url: at, body } = sample.cancel;
      for (const answer of [
        await call(caller, method, at, { ...body, force: true }),
        await call(caller, method, withQuery(at, 'force=true'), body),
        await call(caller, 'GET', withQuery(url, 'force=true')),
      ]) {
        assert.deepEqual(errorOf(answer).slice(0, 2), [400, 'INVALID_ARGUMENT']);
      }
      assert.equal(await stateOf(caller, sample), words.running);
    });
  });

  describe(`the list of ${kind}`, () => {
    const { list } = sample;

    it(`${kind}: every job is on a page once, whatever the size of the pages`, async () => {
      await using caller = await startCaller();
      for (const id of ['a', 'b', 'c', 'd', 'e']) caller.services.addJob(otherJob(sample, id));
      caller.services.addJob(otherJob(sample, 'gone'), { onCancel: 'vanishes' });
      const gone = JSON.parse(
        JSON.stringify(sample.cancel).replaceAll('my-job', 'gone'),
      ) as JobSample['cancel'];
      await call(caller, gone.method, gone.url, gone.body);
      const seen: string[] = [];
      let token = '';
      do {
        const page = await call(caller, 'GET', withQuery(list.url, `${list.size}=2&${list.token}=${token}`));
        assert.equal(page.status, 200, page.text);
        const items = (valueAt(page, list.items) ?? []) as object[];
        assert.ok(items.length <= 2 && items.length > 0);
        seen.push(...items.map((item) => JSON.stringify(item)));
        token = (valueAt(page, 'nextPageToken') ?? valueAt(page, 'metadata.continue') ?? '') as string;
      } while (token !== '');
      assert.equal(seen.length, 5);
      assert.equal(new Set(seen).size, 5);
    });

    it(`${kind}: an unknown parameter, a size that is none, and a token of another list are refused`, async () => {
      await using caller = await startCaller();
      for (const query of ['state=RUNNING', `${list.size}=x`, `${list.size}=-1`, `${list.token}=x`]) {
        const answer = await call(caller, 'GET', withQuery(list.url, query));
        assert.deepEqual(errorOf(answer).slice(0, 2), [400, 'INVALID_ARGUMENT'], query);
      }
    });

    it(`${kind}: its faults are answered first`, async () => {
      await using caller = await startCaller();
      caller.services.addList(list.url.replace(/\?.*/, ''), { listFaults: [{ kind: 'UNAVAILABLE' }] });
      assert.equal((await caller.send(list.url)).status, 503);
      assert.equal((await caller.send(list.url)).status, 200);
    });
  });
}
