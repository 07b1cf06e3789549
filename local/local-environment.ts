import type { LocalSystem } from './system.ts';

/** The variables by which client libraries and gcloud use a local system. */
export const environmentOf = ({
  restUrl,
  pubsubHost,
  topology,
}: Pick<LocalSystem, 'restUrl' | 'pubsubHost' | 'topology'>): Readonly<Record<string, string>> => ({
  PUBSUB_EMULATOR_HOST: pubsubHost,
  CLOUDSDK_API_ENDPOINT_OVERRIDES_PUBSUB: `${restUrl}/`,
  CLOUDSDK_AUTH_DISABLE_CREDENTIALS: '1',
  CLOUDSDK_CORE_PROJECT: topology.projectId,
});

/** One line for a shell that sets them. */
export const exportLine = (environment: Readonly<Record<string, string>>) =>
  `export ${Object.entries(environment)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ')}`;
