import { cloudEvent } from '@google-cloud/functions-framework';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAdmission } from './admission.ts';
import { createCancelOperation } from './cancel-operation.ts';
import { createCancelWithRetry } from './cancel-with-retry.ts';
import { readSettings } from './config.ts';
import { createAnswerDeadLetter } from './dead-letter.ts';
import { createCredentials, noCredentials } from './google/credentials.ts';
import { createHttpClient } from './google/http.ts';
import { createOperationsApi } from './google/operations-api.ts';
import { createOwnProject } from './google/own-project.ts';
import { createPubSubPublisher } from './google/pubsub-publisher.ts';
import { createRedelivery } from './google/redelivery.ts';
import { createLog, logFailures } from './log.ts';
import { createPursue } from './pursuing.ts';

/** The composition root: reads the settings, connects the parts, registers the function. The story begins in cancel-operation.ts. */

const settings = readSettings(process.env);
const { topics, confirmWithinMs, googleApiEndpoint, sendsCredentials } = settings;

const log = createLog((line) => process.stdout.write(`${line}\n`));
const clock = { now: () => Date.now(), sleep: (durationMs: number) => sleep(durationMs) };
const ownProject = createOwnProject({ configured: settings.project, onGoogleCloud: !settings.usesEmulator });
const publisher = createPubSubPublisher({ topics, ownProject, usesEmulator: settings.usesEmulator });
const operations = createOperationsApi({
  http: createHttpClient(),
  credentials: sendsCredentials ? createCredentials() : noCredentials,
  endpoint: googleApiEndpoint,
});
const admit = createAdmission({ ownProject, ...settings });
const cancelWithRetry = createCancelWithRetry({ operations, clock, random: Math.random, log });
const later = createRedelivery(publisher);
const pursue = createPursue({ operations, cancelWithRetry, publisher, later, clock, log });
const answerDeadLetter = createAnswerDeadLetter({ admit, clock });

export const cancelOperation = logFailures(
  createCancelOperation({
    admit,
    pursue,
    answerDeadLetter,
    publisher,
    clock,
    log,
    topics,
    confirmWithinMs,
  }),
);

cloudEvent('cancelOperation', cancelOperation);
