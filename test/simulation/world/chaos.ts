import type { World } from '../../support/virtual-time.ts';

/** The faults of one run. Each number is a probability, from 0 to 1, unless its name has a unit. */
export interface Chaos {
  /** A message is delivered twice, in any overlap. */
  readonly duplicate: number;
  /** The function's answer does not reach Pub/Sub. */
  readonly lostAck: number;
  /** The function dies, just before or just after one of its effects. */
  readonly death: number;
  /** A publish fails; half of those took effect. */
  readonly publishFault: number;
  /** A call to a service goes wrong. */
  readonly apiFault: number;
  /** The metadata server does not answer, so that the number of the own project is unknown. */
  readonly metadataFault: number;
  /** Cloud Tasks fails to create a task; half of those took effect. */
  readonly taskFault: number;
  /** A task is sent twice. */
  readonly taskDuplicate: number;
  /** A task is sent late. */
  readonly taskLate: number;
  /** Cloud Tasks forgets a name at once. */
  readonly taskForgotten: number;
  /** The longest that Pub/Sub takes to deliver, in milliseconds: what makes messages overtake each other. */
  readonly deliveryMs: number;
}

/** The faults of a run in which hundreds of things are done at once: as many in all as in another, or nothing would be done. */
export const spread = (chaos: Chaos): Chaos => ({
  ...chaos,
  duplicate: chaos.duplicate / 10,
  lostAck: chaos.lostAck / 10,
  death: chaos.death / 50,
  publishFault: chaos.publishFault / 50,
});

/**
 * Some runs are calm in some respects and one in eight in all, so that what is promised without faults is seen to hold.
 *
 * With redelivery, each further delivery of a re-check begins a chain of its own, so their number grows with
 * every step: there are fewer of them, or a run would be about nothing else.
 */
export function chooseChaos(world: World, delay: 'cloud-tasks' | 'redelivery'): Chaos {
  const isCalm = world.chance(1 / 8);
  const some = (most: number) => (isCalm || world.chance(0.4) ? 0 : world.next() * most);
  const again = delay === 'redelivery' ? 0.2 : 1;
  return {
    duplicate: some(0.3 * again),
    lostAck: some(0.2 * again),
    death: some(0.08),
    publishFault: some(0.2),
    apiFault: some(0.5),
    metadataFault: some(0.5),
    taskFault: some(0.3),
    taskDuplicate: some(0.3),
    taskLate: some(0.3),
    taskForgotten: isCalm || world.chance(0.8) ? 0 : 0.3,
    deliveryMs: world.pick([20, 200, 30_000]),
  };
}
