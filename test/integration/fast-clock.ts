import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers/promises';

/**
 * Loaded into the function's process before the bundle (`NODE_OPTIONS=--import=…`), so that a test sees in seconds how the
 * function behaves in a quarter of an hour. FAST_CLOCK is `EPOCH:SPEED`: from the epoch on, in milliseconds, time passes
 * at SPEED times its rate. Dates and the function's own waits are fast; the time limits of its HTTP calls are real ones.
 */
const [epochMs = 0, speed = 1] = (process.env.FAST_CLOCK ?? '').split(':').map(Number);
const RealDate = Date;
const now = () => Math.round(epochMs + (RealDate.now() - epochMs) * speed);

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args: unknown[], newTarget) =>
    Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as Date,
  get: (target, key, receiver) => (key === 'now' ? now : (Reflect.get(target, key, receiver) as unknown)),
});

const { setTimeout: sleep } = timers;
timers.setTimeout = (durationMs = 0, ...others: []) => sleep(durationMs / speed, ...others);
syncBuiltinESMExports();
