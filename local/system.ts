import type { Message, PubSub } from '@google-cloud/pubsub';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { ResultData } from '../src/cancellation/result.ts';
import type { SweepReport } from '../src/sweeps/report.ts';
import { startFrontEnd } from './front-end.ts';
import type { FrontEnd } from './front-end.ts';
import { startFunctionProcess } from './function-process.ts';
import type { FunctionProcess } from './function-process.ts';
import { createPubSubClient } from './pubsub-client.ts';
import { startEmbeddedPubSub } from './emulators/pubsub/embedded-pubsub.ts';
import { startGoogleServices } from './emulators/google-apis/google-services.ts';
import type {
  GoogleServices,
  HostHandler,
  RecordedRequest,
} from './emulators/google-apis/google-services.ts';
import { createSimulatedCloudTasks } from './emulators/cloud-tasks/cloud-tasks.ts';
import type { SimulatedCloudTasks, SimulatedCloudTasksOptions } from './emulators/cloud-tasks/cloud-tasks.ts';
import { createTopology } from './topology.ts';
import type { Backoff, Topology, TopologyOptions } from './topology.ts';

/**
 * The whole system on this machine: Pub/Sub (embedded, or the one at PUBSUB_EMULATOR_HOST), the simulated
 * Google services, and the deployable bundle in the real framework. Everything listens on 127.0.0.1.
 */
export interface LocalSystem {
  readonly pubsub: PubSub;
  readonly topology: Topology;
  readonly services: GoogleServices;
  readonly tasks: SimulatedCloudTasks;
  /** The first instance of the function, and the only one unless more were asked for. */
  readonly fn: FunctionProcess;
  readonly frontEnd: FrontEnd;
  /** Endpoint to which `gcloud` and `curl` publish. */
  readonly restUrl: string;
  /** For PUBSUB_EMULATOR_HOST. */
  readonly pubsubHost: string;
  /** Full name of the queue in which re-checks wait; undefined where they are delayed by redelivery. */
  readonly recheckQueue: string | undefined;
  /**
   * Publishes a message to the requests topic; an object goes as JSON, text as it is. Gives the message's id.
   */
  request(data: object | string, attributes?: Record<string, string>): Promise<string>;
  /** Publishes a message to the triggers topic, in the same way. */
  trigger(data: object | string, attributes?: Record<string, string>): Promise<string>;
  /** Reads the results topic from now on: the results, and the reports of sweeps. */
  onResult(onResult: (result: PublishedResult) => void, onReport?: (report: PublishedReport) => void): void;
  close(): Promise<void>;
}

/** A result as it stands on the results topic. */
export interface PublishedResult {
  readonly attributes: Readonly<Record<string, string>>;
  readonly data: ResultData;
}

/** A sweep's report as it stands there. */
export interface PublishedReport {
  readonly attributes: Readonly<Record<string, string>>;
  readonly data: SweepReport;
}

export interface LocalSystemOptions extends Partial<
  Pick<TopologyOptions, 'requestDeliveryAttempts' | 'recheckDeliveryAttempts' | 'resultsSubscriptionId'>
> {
  /** Retry policy of the pushed subscriptions. Default: 1 s to 10 s. */
  readonly backoff?: Backoff;
  /** Default `my-project`. */
  readonly projectId?: string;
  /** Settings of the function, besides where Pub/Sub and the services are. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly onLogLine?: (line: string) => void;
  /** Is told of each request to a simulated service once its answer is known. */
  readonly onServiceCall?: (call: RecordedRequest) => void;
  /** How re-checks are delayed. Default: RECHECK_DELAY, else `cloud-tasks`, as when deployed. */
  readonly delay?: string;
  /** Number of processes that the pushes are spread over. Default 1. */
  readonly instances?: number;
  /** Maximum number of concurrent requests of each instance; others wait before it. Default: no limit. */
  readonly concurrency?: number;
  /**
   * Maximum number of messages of each subscription that the embedded Pub/Sub pushes at once. Default: its
   * own.
   */
  readonly outstandingPushes?: number;
  /** Hosts of Google's APIs that answer in their own way, in place of the simulated operations. */
  readonly hosts?: Readonly<Record<string, HostHandler>>;
  /** Faults of Cloud Tasks. */
  readonly tasks?: Omit<SimulatedCloudTasksOptions, 'pubsubUrl'>;
}

export async function startLocalSystem(options: LocalSystemOptions = {}): Promise<LocalSystem> {
  const { projectId = 'my-project', settings = {}, onLogLine, tasks: taskOptions, ...others } = options;
  const {
    delay = process.env.RECHECK_DELAY ?? 'cloud-tasks',
    backoff = { minimumSeconds: 1, maximumSeconds: 10 },
    instances = 1,
    concurrency,
    outstandingPushes,
    hosts = {},
    onServiceCall,
    ...topologyOptions
  } = others;
  const closing: (() => Promise<void>)[] = [];
  const recheckQueue =
    delay === 'cloud-tasks'
      ? `projects/${projectId}/locations/us-central1/queues/lro-cancel-rechecks`
      : undefined;
  const close = async () => {
    // One that fails must not keep the others running.
    for (const step of closing.splice(0).reverse()) await step().catch(console.error);
  };
  try {
    const broker = await startBroker(outstandingPushes);
    closing.push(broker.close);
    const tasks = createSimulatedCloudTasks({ pubsubUrl: broker.restUrl, ...taskOptions });
    closing.push(() => tasks.close());
    const services = await startGoogleServices({
      hosts: { ...hosts, 'cloudtasks.googleapis.com': tasks.handle },
      ...(onServiceCall !== undefined && { onAnswer: onServiceCall }),
    });
    closing.push(() => services.close());
    const startInstance = async () => {
      const instance = await startFunctionProcess({
        environment: {
          PUBSUB_EMULATOR_HOST: broker.host,
          GOOGLE_API_ENDPOINT: services.endpoint,
          RECHECK_DELAY: delay,
          ...(recheckQueue !== undefined && {
            RECHECK_QUEUE: recheckQueue,
            TASKS_SERVICE_ACCOUNT: `lro-cancel@${projectId}.iam.gserviceaccount.com`,
          }),
          ...settings,
        },
        ...(onLogLine !== undefined && { onLine: onLogLine }),
      });
      closing.push(() => instance.close());
      return instance;
    };
    const fn = await startInstance();
    const urls = [fn.url];
    while (urls.length < instances) urls.push((await startInstance()).url);
    const frontEnd = await startFrontEnd(urls, { ...(concurrency !== undefined && { concurrency }) });
    closing.push(() => frontEnd.close());
    const pubsub = createPubSubClient(broker.host, projectId);
    closing.push(() => pubsub.close());
    const topology = await createTopology({
      pubsub,
      projectId,
      functionUrl: frontEnd.url,
      ...topologyOptions,
      // Google's emulator (0.8.20) never redelivers some messages when several of a subscription with a retry
      // policy are refused together. So only delay by redelivery, which needs the policy, gets it there.
      backoff: broker.isEmbedded || delay === 'redelivery' ? backoff : undefined,
    });

    const publish = (topic: 'requests' | 'triggers', data: object | string, attributes = {}) => {
      const bytes = Buffer.from(typeof data === 'string' ? data : JSON.stringify(data));
      return pubsub.topic(topology.topics[topic]).publishMessage({ data: bytes, attributes });
    };
    return {
      pubsub,
      topology,
      services,
      tasks,
      fn,
      frontEnd,
      restUrl: broker.restUrl,
      pubsubHost: broker.host,
      recheckQueue,
      request: (data, attributes) => publish('requests', data, attributes),
      trigger: (data, attributes) => publish('triggers', data, attributes),
      onResult: (onResult, onReport) => {
        const subscription = pubsub.subscription(topology.resultsSubscription);
        subscription.on('message', (message: Message) => {
          const { attributes, data } = message;
          const json: unknown = JSON.parse(data.toString());
          if (attributes['ce-type'] !== 'lro-cancel.sweep.v1')
            onResult({ attributes, data: json as ResultData });
          else onReport?.({ attributes, data: json as SweepReport });
          message.ack();
        });
        subscription.on('error', (error: Error) => {
          throw error;
        });
        closing.push(() => subscription.close());
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startBroker(outstandingPushes: number | undefined) {
  const external = process.env.PUBSUB_EMULATOR_HOST ?? '';
  if (external !== '') {
    await checkReachable(external);
    // Google's emulator has gRPC and REST on one port.
    return {
      host: external,
      restUrl: `http://${external}`,
      isEmbedded: false,
      close: () => Promise.resolve(),
    };
  }
  const embedded = await startEmbeddedPubSub({
    ...(outstandingPushes !== undefined && { outstandingPushes }),
  });
  return {
    host: embedded.emulatorHost,
    restUrl: embedded.restUrl,
    isEmbedded: true,
    close: () => embedded.close(),
  };
}

/** Without this check, the client library would try for minutes and report nothing. */
async function checkReachable(emulatorHost: string): Promise<void> {
  const { hostname, port } = new URL(`http://${emulatorHost}`);
  const socket = connect({ host: hostname, port: Number(port), timeout: 3_000 });
  try {
    socket.once('timeout', () => socket.destroy(new Error('no answer within 3 s')));
    await once(socket, 'connect');
  } catch (cause) {
    const advice = 'Start it, or unset the variable to use the embedded one.';
    throw new Error(`There is no Pub/Sub at ${emulatorHost} (PUBSUB_EMULATOR_HOST). ${advice}`, { cause });
  } finally {
    socket.destroy();
  }
}
