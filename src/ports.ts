import type { EventContext, OutgoingEvent } from './messages/cloud-event.ts';
import type { Message } from './messages/message.ts';
import type { Collection, PageRequest, Resource } from './resources/resource.ts';
import type { ServiceResponse } from './resources/response.ts';
import type { Log } from './telemetry/log.ts';
import type { WithSpan } from './telemetry/tracing.ts';

/**
 * The ports: everything that the application needs from outside. `google/` implements them, tests and the simulation give
 * it others.
 */
export interface Ports {
  readonly resourceApi: ResourceApi;
  readonly publisher: Publisher;
  readonly scheduler: Scheduler;
  readonly idempotencyStore: IdempotencyStore;
  readonly eventStore: EventStore;
  /** The project that the function runs in, as far as it is known for a message that came from `messageProject`. */
  readonly ownProjectFor: (messageProject: string | undefined) => OwnProject;
  readonly clock: Clock;
  /** A number from 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
  readonly withSpan: WithSpan;
  readonly log: Log;
}

/** One delivery of a message, made by `handlers/handle-message.ts` and passed on to everything that it leads to. */
export interface Delivery {
  readonly message: Message;
  readonly context: EventContext;
  readonly ownProject: OwnProject;
}

/** The part of a delivery that adapters need: the project of topics that the settings name by a short id. */
export type DeliveryProject = Pick<Delivery, 'ownProject'>;

/** The project that the function runs in. Both methods throw Failure `Unavailable` while it is not known. */
export interface OwnProject {
  /** The project's id. */
  id(): string | Promise<string>;
  /** The project's id and its number (on a developer's machine, its id): services write either into names. */
  names(): readonly string[] | Promise<readonly string[]>;
}

/** The services that own the resources. A service's error is a `ServiceResponse`, never thrown. */
export interface ResourceApi {
  /** Sends the cancel of a resource once: `POST {url}:cancel` as a rule, with zero bytes of body. */
  cancel(resource: Resource, timeoutMs: number): Promise<ServiceResponse>;
  /** Sends `GET {url}` once; only for resources that have a GET. */
  get(resource: Resource, timeoutMs: number): Promise<ServiceResponse>;
  /** Gets one page of a list of resources, once. */
  list(collection: Collection, page: PageRequest, timeoutMs: number): Promise<ServiceResponse>;
}

/** The topics that this system publishes to. */
export type TopicKind = 'requests' | 'rechecks' | 'results';

export interface Publisher {
  /**
   * Publishes an event; resolves once Pub/Sub has stored it.
   *
   * @throws Failure `Unavailable` when Pub/Sub did not take it
   */
  publish(topic: TopicKind, event: OutgoingEvent, delivery: DeliveryProject): Promise<void>;
}

/** Delays a message. */
export interface Scheduler {
  /**
   * Brings an event to the topic of re-checks at `dueMs` (milliseconds since the epoch) or later. Resolves once that
   * survives the end of this process.
   *
   * @throws Failure `Unavailable` when it could not be stored
   */
  schedule(event: OutgoingEvent, dueMs: number, delivery: DeliveryProject): Promise<Scheduled>;
}

/** `before`: an event of this id was scheduled already, perhaps for another time, and this one was dropped. */
export type Scheduled = 'now' | 'before';

/**
 * Remembers keys of what was done, so that it is done once. A key is put after the work is done or certain to be: a
 * process that dies in between repeats the work, and loses nothing.
 */
export interface IdempotencyStore {
  /**
   * Whether a key was put; `unknown` says why that will never be known.
   *
   * @throws Failure `Unavailable` while it is not known
   */
  has(key: string): Promise<boolean | { readonly unknown: string }>;
  /** Puts a key; resolves once it is stored. */
  put(key: string, delivery: DeliveryProject): Promise<void>;
  /**
   * Handles the message by which a record keeps itself alive.
   *
   * @param data the data of the message
   * @throws Failure `TypeError` or `ValueError` for a message that no record wrote
   */
  renew(data: unknown, delivery: DeliveryProject): Promise<void>;
}

/** Keeps events for some time, to be read by their id. An event never changes once it is stored. */
export interface EventStore {
  /**
   * Stores an event until `untilMs` (milliseconds since the epoch), and then brings it to the topic of re-checks, or drops
   * it. `before`: one of this id was stored already, and stays.
   *
   * @throws Failure `Unavailable` when it could not be stored
   */
  put(event: OutgoingEvent, untilMs: number, delivery: DeliveryProject): Promise<Scheduled>;
  /**
   * The data of the event of this id; undefined where none is stored.
   *
   * @throws Failure `Unavailable` while it is not known, `ValueError` where the function is not allowed to read it
   */
  get(id: string): Promise<unknown>;
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  sleep(durationMs: number): Promise<void>;
}
