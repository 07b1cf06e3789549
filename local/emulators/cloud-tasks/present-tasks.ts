import type { Task } from './task.ts';

/** A task that exists: it waits for its time, or is being sent. */
export interface PresentTask extends Task {
  readonly createdMs: number;
  /** Time of the next attempt to send the task. */
  readonly nextMs: number;
  /** Number of times that the task was sent. */
  readonly dispatched: number;
}

/** The tasks that exist, and the names that are taken. */
export interface PresentTasks {
  /** Whether a task has this name, or had it until a short time ago. */
  isTaken(name: string): boolean;
  get(name: string): PresentTask | undefined;
  /** Adds a task, or replaces the one of its name. */
  put(task: PresentTask): void;
  /** Deletes a task; its name stays taken for a while. */
  remove(name: string): void;
  /** The soonest first. */
  list(): PresentTask[];
  /** Every name that a task ever had, and the number of times that it was sent. */
  readonly dispatches: ReadonlyMap<string, number>;
}

/** Keeps names taken for `tombstoneMs` after their tasks have gone. */
export function createPresentTasks(tombstoneMs: number): PresentTasks {
  const there = new Map<string, PresentTask>();
  /** Time until which a deleted task's name is taken, in milliseconds since the epoch. */
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
