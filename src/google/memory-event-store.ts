import type { Clock, EventStore } from '../ports.ts';

/** Bounds of the store; the oldest event leaves first. An event has some hundred kilobytes at most. */
const MAX_EVENTS = 1_000;
const MAX_BYTES = 32 * 1024 * 1024;

/** A store that lasts as long as the instance, for deployments with Pub/Sub alone. */
export function createMemoryEventStore(clock: Pick<Clock, 'now'>): EventStore {
  const stored = new Map<string, { readonly json: string; readonly untilMs: number }>();
  let bytes = 0;
  const remove = (id: string) => {
    bytes -= Buffer.byteLength(stored.get(id)?.json ?? '');
    stored.delete(id);
  };
  const find = (id: string) => {
    const event = stored.get(id);
    if (event !== undefined && event.untilMs <= clock.now()) remove(id);
    return stored.get(id);
  };

  return {
    put: ({ id, data }, untilMs) => {
      if (find(id) !== undefined) return Promise.resolve('before');
      const json = JSON.stringify(data);
      bytes += Buffer.byteLength(json);
      stored.set(id, { json, untilMs });
      for (const [oldest] of stored) {
        if ((stored.size <= MAX_EVENTS && bytes <= MAX_BYTES) || oldest === id) break;
        remove(oldest);
      }
      return Promise.resolve('now');
    },
    get: (id) => {
      const event = find(id);
      return Promise.resolve(event === undefined ? undefined : (JSON.parse(event.json) as unknown));
    },
  };
}
