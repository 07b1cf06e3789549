import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startTestSystem } from './test-system.ts';

const REQUESTS = 80;

describe("the log, with the platform's variables", () => {
  it('every line is an event while the function handles 80 messages at once', async () => {
    const system = await startTestSystem();
    try {
      const ids = Array.from({ length: REQUESTS }, (_, index) => `log-${index}`);
      const operation =
        'https://notebooks.googleapis.com/v2/projects/my-project/locations/us-central1/operations/none';
      await Promise.all(ids.map((requestId) => system.request({ operation, requestId })));
      for (const id of ids) assert.equal((await system.resultOf(id)).data.outcome, 'NOT_FOUND');
      const published = () => system.logLines.filter((line) => line.includes('"event":"result.published"'));
      await system.logged(() => published().length >= REQUESTS);

      const events = system.logLines.map((line) => JSON.parse(line) as { event?: string; severity?: string });
      assert.ok(events.every(({ event, severity }) => event !== undefined && severity !== undefined));
      assert.equal(published().length, REQUESTS);
    } finally {
      await system.close();
    }
  });
});
