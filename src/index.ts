import { cloudEvent } from '@google-cloud/functions-framework';
import { setTimeout as sleep } from 'node:timers/promises';
import { readSettings } from './settings/settings.ts';
import { createCloudTasks } from './google/cloud-tasks.ts';
import { createMemoryIdempotencyStore } from './budgets/memory-store.ts';
import { createTaskIdempotencyStore } from './google/task-idempotency-store.ts';
import { createTasksClient } from './google/tasks-client.ts';
import { createCredentials } from './google/credentials.ts';
import { createDelegation } from './google/delegation.ts';
import { createHttpClient } from './google/http.ts';
import { createResourceApi } from './google/resource-api.ts';
import { createOwnProject } from './google/own-project.ts';
import { createAccessTokens, noAccessTokens } from './google/access-tokens.ts';
import { createPubSubPublisher } from './google/pubsub-publisher.ts';
import { createRedelivery } from './google/redelivery.ts';
import { createTopicNames } from './google/topic-names.ts';
import { createApp } from './app.ts';
import { createBufferedStdout } from './telemetry/stdout.ts';
import { createLog, exitOnInvalidSettings } from './telemetry/log.ts';
import { escapeDomain } from './google/escape-domain.ts';
import { withSpan } from './telemetry/tracing.ts';

/**
 * The composition root: reads the settings, connects the parts, registers the function. The story is in
 * cancel-operation.ts.
 */

const settings = exitOnInvalidSettings(
  createLog((line) => process.stderr.write(`${line}\n`)),
  () => readSettings(process.env),
);
const { topics, usesEmulator, googleApiEndpoint: endpoint, subject, recheckDelay } = settings;

const writeLine = createBufferedStdout((text) => void process.stdout.write(text));
const log = createLog(writeLine, settings.project);
const clock = { now: () => Date.now(), sleep: (durationMs: number) => sleep(durationMs) };
const ownProject = createOwnProject({
  configured: settings.project,
  onGoogleCloud: !usesEmulator,
  now: clock.now,
});
const topicNameOf = createTopicNames(topics, ownProject);
const publisher = createPubSubPublisher({ topicNameOf, usesEmulator });
const http = createHttpClient();
const ownTokens = settings.sendsCredentials ? createAccessTokens() : noAccessTokens;
const delegation =
  subject === undefined
    ? undefined
    : createDelegation({ http, ownTokens, endpoint, subject, now: clock.now });
const credentials = createCredentials({ ownTokens, delegation });
const resourceApi = createResourceApi({ http, credentials, endpoint });
const random = Math.random;
const tasks =
  recheckDelay.by === 'cloud-tasks'
    ? createTasksClient({ http, ownTokens, topicNameOf, endpoint, ...recheckDelay, clock, random })
    : undefined;
const scheduler = tasks === undefined ? createRedelivery(publisher) : createCloudTasks(tasks);
const idempotencyStore =
  tasks === undefined ? createMemoryIdempotencyStore() : createTaskIdempotencyStore({ tasks, clock });

export const cancelOperation = createApp(
  { resourceApi, publisher, scheduler, idempotencyStore, ownProject, clock, random, withSpan, log },
  settings,
);

cloudEvent('cancelOperation', escapeDomain(cancelOperation));
