import type { Task } from './task.ts';

/** A task that is there: it waits for its time, or is being sent. */
export interface PresentTask extends Task {
  readonly createdMs: number;
  /** Time of the next attempt to send the task. */
  readonly nextMs: number;
  /** Number of times that the task was sent. */
  readonly dispatched: number;
}

/** The tasks that are there, and the names that are taken. */
export interface PresentTasks {
  /** Whether the name is that of a task, or was until a short time ago. */
  isTaken(name: string): boolean;
  get(name: string): PresentTask | undefined;
  /** Puts a task there, or says more of one that is. */
  put(task: PresentTask): void;
  /** Takes a task away; its name stays taken for a while. */
  remove(name: string): void;
  /** The soonest first. */
  list(): PresentTask[];
  /** Each name that was ever given to a task, and how often it was sent. */
  readonly dispatches: ReadonlyMap<string, number>;
}

/** Keeps names taken for `tombstoneMs` after their tasks have gone. */
export function createPresentTasks(tombstoneMs: number): PresentTasks {
  const there = new Map<string, PresentTask>();
  /** Until when the name of a task that has gone is taken, in milliseconds since the epoch. */
  const takenUntil = new Map<string, number>();
  const dispatches = new Map<string, number>();
  return {
    isTaken: (name) => there.has(name) || (takenUntil.get(name) ?? 0) > Date.now(),
    get: (name) => there.get(name),
    put(task) {
      there.set(task.name, task);
      dispatches.set(task.name, task.dispatched);
    },
    remove(name) {
      there.delete(name);
      takenUntil.set(name, Date.now() + tombstoneMs);
    },
    list: () => [...there.values()].sort((a, b) => a.nextMs - b.nextMs),
    dispatches,
  };
}
