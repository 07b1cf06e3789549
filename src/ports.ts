import type { ServiceResponse } from './resources/response.ts';
import type { OutgoingEvent } from './messages/cloud-event.ts';
import type { Collection, PageRequest } from './resources/collection.ts';
import type { MaybePromise } from './google/maybe-promise.ts';
import type { Operation } from './resources/resource.ts';

/**
 * What the story of a message needs of the world. Adapters in google/ provide it; tests provide small honest
 * ones.
 */

/** The services that own the operations. Never throws for what a service answers: that is an `Answer`. */
export interface ResourceApi {
  /** The operation's cancel, `POST {url}:cancel` as a rule, with zero bytes of body, once. */
  cancel(operation: Operation, timeoutMs: number): Promise<ServiceResponse>;
  /** `GET {url}`, once; only for operations that have it. */
  get(operation: Operation, timeoutMs: number): Promise<ServiceResponse>;
  /** One page of a list of operations, once. */
  list(collection: Collection, page: PageRequest, timeoutMs: number): Promise<ServiceResponse>;
}

/** The topics this system publishes to. */
export type TopicKind = 'requests' | 'rechecks' | 'results';

export interface Publisher {
  /**
   * Publishes an event; resolves once Pub/Sub has it.
   *
   * @param messageProject the project that the message at hand came from, as in `OwnProject`
   * @throws Failure `Unavailable` when Pub/Sub did not take it
   */
  publish(topic: TopicKind, event: OutgoingEvent, messageProject: string | undefined): Promise<void>;
}

/** Delays a re-check message. */
export interface Scheduler {
  /**
   * Makes sure that the event arrives, at the re-check topic, no sooner than it can be used; resolves once
   * that is certain to survive this process.
   *
   * @param dueMs when it is wanted, in milliseconds since the epoch
   * @param messageProject the project that the message at hand came from, as in `OwnProject`
   */
  schedule(event: OutgoingEvent, dueMs: number, messageProject: string | undefined): Promise<void>;
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  sleep(durationMs: number): Promise<void>;
}

/**
 * The project that the function runs in. Both take the project that the message at hand came from, which
 * stands for it where nothing else is known, and throw Failure `Unavailable` when it cannot be told.
 */
export interface OwnProject {
  /** Its id. */
  id(messageProject: string | undefined): MaybePromise<string>;
  /** Its id and, where it can be had, its number: services write either into the names of operations. */
  names(messageProject: string | undefined): MaybePromise<readonly string[]>;
}
