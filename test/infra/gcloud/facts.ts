import type { DeployedResource } from '../deployed-resources.ts';
import type { Call } from './scripts.ts';

/** What a deployment consists of, a sentence for each part, in the words of neither gcloud nor Terraform. */
export type Facts = ReadonlySet<string>;

/** The facts that calls of `gcloud` make. */
export function factsOfCalls(calls: readonly Call[]): Facts {
  return new Set(calls.flatMap((call) => factsOfCall(call)));
}

function factsOfCall(call: Call): readonly string[] {
  const words = call.filter((arg) => !arg.startsWith('--'));
  const flags = new Map(
    call.flatMap((arg) => {
      const [, flag = '', value = ''] = /^--([a-z-]+)(?:=(.*))?$/s.exec(arg) ?? [];
      return flag === '' ? [] : [[flag, value] as const];
    }),
  );
  const flag = (name: string) => flags.get(name) ?? '';
  const command = words.slice(0, 3).join(' ');
  const name = words[3] ?? '';
  if (words[0] === 'services') return words.slice(2).map((api) => `API ${api}`);
  if (command === 'beta services identity') return [`agent of ${flag('service')}`];
  if (words.includes('add-iam-policy-binding')) {
    const resource = words.at(-1) ?? '';
    const kind = words.slice(0, words.indexOf('add-iam-policy-binding')).at(-1) ?? '';
    return [grant(`${kind} ${resource}`, flag('role'), flag('member'))];
  }
  if (words[2] === 'describe' || words[1] === 'describe') return [];
  switch (words.slice(0, 2).join(' ')) {
    case 'iam service-accounts':
      return [`account ${name}`];
    case 'iam roles':
      return [`role ${name} in ${flag('project')} of ${flag('permissions').split(',').sort().join(', ')}`];
    case 'pubsub topics':
      return [`topic ${name}`];
    case 'tasks queues':
      return [
        fact(`queue ${name}`, {
          attempts: flag('max-attempts'),
          backoff: `${flag('min-backoff')} to ${flag('max-backoff')}, doubled ${flag('max-doublings')} times`,
          concurrent: flag('max-concurrent-dispatches'),
          location: flag('location'),
          rate: flag('max-dispatches-per-second'),
        }),
      ];
    case 'pubsub subscriptions':
      return [
        fact(`subscription ${name}`, {
          account: flag('push-auth-service-account'),
          ackDeadline: flag('ack-deadline'),
          attempts: flag('max-delivery-attempts'),
          audience: flag('push-auth-token-audience') === '' ? '' : 'the function',
          backoff: `${flag('min-retry-delay')} to ${flag('max-retry-delay')}`,
          deadLetters: flag('dead-letter-topic'),
          endpoint: flag('push-endpoint').replace(flag('push-auth-token-audience'), ''),
          expires: flag('expiration-period'),
          retention: flag('message-retention-duration'),
        }),
      ];
    case `functions deploy`:
      return [
        fact(`function ${words[2] ?? ''}`, {
          account: flag('service-account'),
          buildAccount: flag('build-service-account'),
          concurrency: flag('concurrency'),
          cpu: flag('cpu'),
          entryPoint: flag('entry-point'),
          ingress: flag('ingress-settings'),
          instances: `${flag('min-instances')} to ${flag('max-instances')}`,
          location: flag('region'),
          memory: flag('memory'),
          runtime: flag('runtime'),
          timeout: flag('timeout'),
        }),
        ...settingsOf(flag('env-vars-file')),
        ...[...flag('set-secrets').matchAll(/(\w+)=([^:,]+):([^,]+)/g)].map(
          ([, name = '', secret = '', version = '']) => secretSetting(name, secret, version),
        ),
      ];
    default:
      return [];
  }
}

/** The lines of an environment file: quoted values, and blocks of JSON. */
function settingsOf(yaml: string): readonly string[] {
  const quoted = [...yaml.matchAll(/^(\w+): "(.*)"$/gm)];
  const blocks = [...yaml.matchAll(/^(\w+): \|-\n((?: {2}.*\n?)+)/gm)];
  return [
    ...quoted.map(([, name = '', value = '']) => setting(name, value)),
    ...blocks.map(([, name = '', text = '']) => setting(name, text)),
  ];
}

const secretSetting = (name: string, secret: string, version: string) =>
  `setting ${name} is version ${version} of the secret ${secret}`;

const secretsOf = (blocks: unknown) =>
  (Array.isArray(blocks) ? blocks : []).map((block) =>
    secretSetting(textAt(block, 'key'), textAt(block, 'secret'), textAt(block, 'version')),
  );

/** A setting, with JSON in one form. */
const setting = (name: string, value: string) =>
  `setting ${name} is ${/^\s*[[{]/.test(value) ? JSON.stringify(sorted(JSON.parse(value))) : value}`;

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, entry]) => [key, sorted(entry)]),
  );
};

const grant = (resource: string, role: string, member: string) => `${member} has ${role} on ${resource}`;

const fact = (subject: string, properties: Record<string, string>) =>
  `${subject}: ${JSON.stringify(properties)}`;

/** The facts that the module's resources make, without those that the scripts leave out: monitoring and the bucket. */
export function factsOfResources(resources: readonly DeployedResource[]): Facts {
  return new Set(resources.flatMap(factsOfResource));
}

function factsOfResource({ type, values }: DeployedResource): readonly string[] {
  const value = (path: string) => textAt(values, path);
  switch (type) {
    case 'google_project_service':
      return [`API ${value('service')}`];
    case 'google_project_service_identity':
      return [`agent of ${value('service')}`];
    case 'google_service_account':
      return [`account ${value('account_id')}`];
    case 'google_project_iam_custom_role':
      return [
        `role ${value('role_id')} in ${value('project')} of ${(values.permissions as string[]).toSorted().join(', ')}`,
      ];
    case 'google_pubsub_topic':
      return [`topic ${value('name')}`];
    case 'google_cloud_tasks_queue':
      return [
        fact(`queue ${value('name')}`, {
          attempts: value('retry_config.0.max_attempts'),
          backoff: `${value('retry_config.0.min_backoff')} to ${value('retry_config.0.max_backoff')}, doubled ${value('retry_config.0.max_doublings')} times`,
          concurrent: value('rate_limits.0.max_concurrent_dispatches'),
          location: value('location'),
          rate: value('rate_limits.0.max_dispatches_per_second'),
        }),
      ];
    case 'google_pubsub_subscription': {
      const audience = value('push_config.0.oidc_token.0.audience');
      return [
        fact(`subscription ${value('name')}`, {
          account: value('push_config.0.oidc_token.0.service_account_email'),
          ackDeadline: value('ack_deadline_seconds'),
          attempts: value('dead_letter_policy.0.max_delivery_attempts'),
          audience: audience === '' ? '' : 'the function',
          backoff: `${value('retry_policy.0.minimum_backoff')} to ${value('retry_policy.0.maximum_backoff')}`,
          deadLetters: value('dead_letter_policy.0.dead_letter_topic'),
          endpoint: value('push_config.0.push_endpoint').replace(audience, ''),
          expires: value('expiration_policy.0.ttl') === '' ? 'never' : value('expiration_policy.0.ttl'),
          retention: value('message_retention_duration'),
        }),
      ];
    }
    case 'google_cloudfunctions2_function':
      return [
        fact(`function ${value('name')}`, {
          account: value('service_config.0.service_account_email'),
          buildAccount: value('build_config.0.service_account'),
          concurrency: value('service_config.0.max_instance_request_concurrency'),
          cpu: value('service_config.0.available_cpu'),
          entryPoint: value('build_config.0.entry_point'),
          ingress: value('service_config.0.ingress_settings').replace('ALLOW_INTERNAL_ONLY', 'internal-only'),
          instances: `${value('service_config.0.min_instance_count')} to ${value('service_config.0.max_instance_count')}`,
          location: value('location'),
          memory: value('service_config.0.available_memory'),
          runtime: value('build_config.0.runtime'),
          timeout: `${value('service_config.0.timeout_seconds')}s`,
        }),
        ...Object.entries(at(values, 'service_config.0.environment_variables') as Record<string, string>).map(
          ([name, text]) => setting(name, text),
        ),
        ...secretsOf(at(values, 'service_config.0.secret_environment_variables')),
      ];
    default:
      return type.endsWith('_iam_member') ? [grantOf(type, value)] : [];
  }
}

function grantOf(type: string, value: (path: string) => string): string {
  const [kind, resource] = resourceOf(type, value);
  return grant(`${kind} ${resource}`, value('role'), value('member'));
}

function resourceOf(type: string, value: (path: string) => string): readonly [string, string] {
  switch (type) {
    case 'google_project_iam_member':
      return ['projects', value('project')];
    case 'google_pubsub_topic_iam_member':
      return ['topics', value('topic')];
    case 'google_pubsub_subscription_iam_member':
      return ['subscriptions', value('subscription')];
    case 'google_cloud_tasks_queue_iam_member':
      return ['queues', value('name')];
    case 'google_service_account_iam_member':
      return ['service-accounts', value('service_account_id').split('/').at(-1) ?? ''];
    case 'google_secret_manager_secret_iam_member':
      return ['secrets', value('secret_id')];
    case 'google_cloud_run_v2_service_iam_member':
      return ['services', value('name')];
    default:
      throw new Error(`${type} is a grant that no script of infra/gcloud makes`);
  }
}

const at = (value: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>((found, key) => (found as Record<string, unknown> | null | undefined)?.[key], value);

function textAt(value: unknown, path: string): string {
  const found = at(value, path);
  return typeof found === 'string' || typeof found === 'number' ? String(found) : '';
}
