import { createMemoryIdempotencyStore } from '../budgets/idempotency-store.ts';
import type { OutgoingEvent } from '../messages/cloud-event.ts';
import { prove } from '../messages/proof.ts';
import type { Ports, Publisher } from '../ports.ts';
import type { Settings } from '../settings/settings.ts';
import type { AccessTokens } from './access-tokens.ts';
import { createCredentials } from './credentials.ts';
import { createDelegation } from './delegation.ts';
import type { HttpClient } from './http.ts';
import { createTopicNames } from './pubsub-publisher.ts';
import { createResourceApi } from './resource-api.ts';
import { createCloudTasksScheduler, createRedeliveryScheduler } from './schedulers.ts';
import { createMemoryEventStore } from './memory-event-store.ts';
import { createTaskEventStore } from './task-event-store.ts';
import { createTaskIdempotencyStore } from './task-idempotency-store.ts';
import { createTasksClient } from './cloud-tasks.ts';

/** The outside world that the adapters stand on. The simulation and the fuzzer bring their own. */
interface Platform extends Pick<Ports, 'ownProjectFor' | 'clock' | 'random' | 'withSpan' | 'log'> {
  readonly http: HttpClient;
  readonly accessTokens: AccessTokens;
  readonly publisher: Publisher;
}

/** Makes the ports from Google's APIs, as the settings want them. */
export function createPorts(platform: Platform, settings: Settings): Ports {
  const { http, accessTokens, clock, random } = platform;
  const { googleApiEndpoint: endpoint, subject, recheckDelay, topics, messageKeys } = settings;
  const delegation =
    subject === undefined
      ? undefined
      : createDelegation({ http, accessTokens, endpoint, subject, now: () => clock.now() });
  const credentials = createCredentials({ accessTokens, delegation });
  const sign = (event: OutgoingEvent) => prove(event, messageKeys);
  const publisher: Publisher = {
    publish: (topic, event, delivery) => platform.publisher.publish(topic, sign(event), delivery),
  };
  const shared = {
    ...platform,
    publisher,
    resourceApi: createResourceApi({ http, credentials, endpoint, clock }),
  };
  if (recheckDelay.by === 'redelivery') {
    return {
      ...shared,
      scheduler: createRedeliveryScheduler(publisher),
      idempotencyStore: createMemoryIdempotencyStore(),
      eventStore: createMemoryEventStore(clock),
    };
  }
  const tasks = createTasksClient({
    http,
    accessTokens,
    topicNameOf: createTopicNames(topics),
    endpoint,
    ...recheckDelay,
    clock,
    random,
    sign,
  });
  return {
    ...shared,
    scheduler: createCloudTasksScheduler(tasks),
    idempotencyStore: createTaskIdempotencyStore({ tasks, clock }),
    eventStore: createTaskEventStore({ tasks, clock, messageKeys }),
  };
}
