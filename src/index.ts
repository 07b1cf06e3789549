import { cloudEvent } from '@google-cloud/functions-framework';
import { setTimeout as sleep } from 'node:timers/promises';
import { readSettings } from './config.ts';
import { createCloudTasks } from './google/cloud-tasks.ts';
import { createMemoryLatches } from './google/memory-latches.ts';
import { createTaskLatches } from './google/task-latches.ts';
import { createTasksClient } from './google/tasks-client.ts';
import { createCredentials } from './google/credentials.ts';
import { createDelegation } from './google/delegation.ts';
import { createHttpClient } from './google/http.ts';
import { createOperationsApi } from './google/operations-api.ts';
import { createOwnProject } from './google/own-project.ts';
import { createOwnTokens, noOwnTokens } from './google/own-tokens.ts';
import { createPubSubPublisher } from './google/pubsub-publisher.ts';
import { createRedelivery } from './google/redelivery.ts';
import { createTopicNames } from './google/topic-names.ts';
import { createHandler } from './handler.ts';
import { createLineWriter } from './line-writer.ts';
import { createLog, orExit } from './log.ts';
import { outsideDomain } from './outside-domain.ts';
import { inSpan } from './tracing.ts';

/**
 * The composition root: reads the settings, connects the parts, registers the function. The story is in
 * cancel-operation.ts.
 */

const settings = orExit(
  createLog((line) => process.stderr.write(`${line}\n`)),
  () => readSettings(process.env),
);
const { topics, usesEmulator, googleApiEndpoint: endpoint, subject, recheckDelay } = settings;

const writeLine = createLineWriter((text) => void process.stdout.write(text));
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
const ownTokens = settings.sendsCredentials ? createOwnTokens() : noOwnTokens;
const delegation =
  subject === undefined
    ? undefined
    : createDelegation({ http, ownTokens, endpoint, subject, now: clock.now });
const credentials = createCredentials({ ownTokens, delegation });
const operations = createOperationsApi({ http, credentials, endpoint });
const random = Math.random;
const tasks =
  recheckDelay.by === 'cloud-tasks'
    ? createTasksClient({ http, ownTokens, topicNameOf, endpoint, ...recheckDelay, clock, random })
    : undefined;
const later = tasks === undefined ? createRedelivery(publisher) : createCloudTasks(tasks);
const latches = tasks === undefined ? createMemoryLatches() : createTaskLatches({ tasks, clock });

export const cancelOperation = createHandler(
  { operations, publisher, later, latches, ownProject, clock, random, inSpan, log },
  settings,
);

cloudEvent('cancelOperation', outsideDomain(cancelOperation));
