import { ClientError } from '../client/client-error.ts';
import type { Result } from '../client/received-event.ts';
import type { WatchArguments } from './command-arguments.ts';
import { connectTo } from './connect.ts';
import { EXIT } from './exit-code.ts';
import { onInterruption } from './interruption.ts';
import { nameIn, resultLine } from './result-line.ts';

/** `lro-cancel watch`, until it is interrupted, which is its ordinary end. */
export async function runWatch({ outcome, service, output, ...where }: WatchArguments): Promise<number> {
  const interruption = onInterruption();
  const client = await connectTo(where);
  try {
    const results = client.results({
      ...(outcome !== undefined && { outcomes: outcome }),
      ...(service !== undefined && {
        services: service.map((name) => name.replace(/\.googleapis\.com$/, '')),
      }),
      signal: interruption.signal,
    });
    for await (const result of results)
      console.log(output === 'json' ? JSON.stringify(result) : lineOf(result));
  } catch (error) {
    if (!(error instanceof ClientError && error.code === 'Closed')) throw error;
  } finally {
    await client.close();
    interruption.dispose();
  }
  return EXIT.done;
}

const lineOf = (result: Result) =>
  resultLine(result.outcome, { reference: `${result.requestId}  ${nameIn(result)}`, detail: result.detail });
