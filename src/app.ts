import { createRateLimiter } from './calls/rate-limiter.ts';
import type { App } from './handlers/app-context.ts';
import { handleMessage } from './handlers/handle-message.ts';
import { createPolicy } from './policy/policy.ts';
import { unidentifiedId } from './messages/event-ids.ts';
import { readMessage } from './messages/message.ts';
import type { Ports } from './ports.ts';
import type { Settings } from './settings/settings.ts';
import { logFailures } from './telemetry/log.ts';

/**
 * Makes the application: a function that takes an event and resolves when its message may be acknowledged. It rejects
 * when Pub/Sub has to deliver the message again.
 */
export function createApp(ports: Ports, settings: Settings): (event: unknown) => Promise<void> {
  const app: App = {
    ...ports,
    settings,
    policy: createPolicy(settings),
    limiter: createRateLimiter(ports),
    budgets: { inFlight: new Map(), warned: new Set() },
  };
  const handle = logFailures((message) => handleMessage(message, app));
  // Nothing of such a message tells it from another with the same content but its arrival.
  const newId = () => unidentifiedId(`${ports.clock.now()} ${ports.random()}`);
  return (event) => handle(readMessage(event, newId));
}
