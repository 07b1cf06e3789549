import { cloudEvent } from '@google-cloud/functions-framework';
import type { CloudEvent } from '@google-cloud/functions-framework';
import domain from 'node:domain';
import { setTimeout as sleep } from 'node:timers/promises';
import { useLightDomains } from '../../../src/google/light-domains.ts';

/** A function that ends each message in the way that the message names, for light-domains.test.ts. */
useLightDomains();

const fail = () => {
  throw new Error('as told');
};
const ways: Readonly<Record<string, () => unknown>> = {
  succeed: () => undefined,
  throw: fail,
  reject: () => sleep(1).then(fail),
  'throw in a callback': () => {
    setTimeout(fail, 1);
    return sleep(5_000);
  },
  'leave a rejection': () => {
    void sleep(1).then(fail);
    return sleep(5_000);
  },
  'be in a domain': async () => {
    await sleep(1);
    const { active } = domain as { active?: unknown };
    if (active === undefined || active === null) fail();
  },
};
cloudEvent('endsAsTold', (event: CloudEvent<{ way: string }>) => ways[event.data?.way ?? '']?.());
// With a callback, the framework calls the handler in the tick that it starts it in, and no promise catches the error.
cloudEvent('throwsAtOnce', (event: CloudEvent<{ way: string }>, done: unknown) => {
  if (event.data?.way === 'throw') fail();
  (done as () => void)();
});
