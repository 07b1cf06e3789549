import { cloudEvent } from '@google-cloud/functions-framework';
import { setTimeout as sleep } from 'node:timers/promises';
import { createApp } from './app.ts';
import { createAccessTokens, noAccessTokens } from './google/access-tokens.ts';
import { guardEndpoint } from './google/endpoint.ts';
import { createHttpClient } from './google/http.ts';
import { createOwnProject } from './google/own-project.ts';
import { createPorts } from './google/create-ports.ts';
import { useLightDomains } from './google/light-domains.ts';
import { createPubSubPublisher, createTopicNames } from './google/pubsub-publisher.ts';
import { readSettings } from './settings/settings.ts';
import { createLog, exitOnInvalidSettings } from './telemetry/log.ts';
import { createBufferedStdout } from './telemetry/stdout.ts';
import { withSpan } from './telemetry/tracing.ts';

/**
 * The composition root: reads the settings, connects the adapters, registers the function. It is the only file with side
 * effects when it is loaded. The way of a message begins in `handlers/handle-message.ts`.
 */

const settings = exitOnInvalidSettings(
  createLog((line) => process.stderr.write(`${line}\n`)),
  readSettings(process.env),
);
const { topics, usesEmulator, project, projectNumbers } = settings;
const clock = { now: () => Date.now(), sleep: (durationMs: number) => sleep(durationMs) };

const ports = createPorts(
  {
    http: createHttpClient(),
    accessTokens: settings.sendsCredentials ? createAccessTokens(clock) : noAccessTokens,
    publisher: createPubSubPublisher({ topicNameOf: createTopicNames(topics), usesEmulator }),
    ownProjectFor: createOwnProject({
      configured: project,
      number: projectNumbers.find(([id]) => id === project)?.[1],
      onGoogleCloud: !usesEmulator,
      now: clock.now,
    }),
    clock,
    random: Math.random,
    withSpan,
    log: createLog(
      createBufferedStdout((text) => void process.stdout.write(text)),
      project,
    ),
  },
  settings,
);

export const cancelOperation = createApp(ports, settings);

guardEndpoint();
useLightDomains();
cloudEvent('cancelOperation', cancelOperation);
