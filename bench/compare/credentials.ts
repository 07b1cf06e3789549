import { startInFramework, untilFirstTaken } from './function.ts';
import type { GoogleHosts } from './google-hosts.ts';
import type { Asked } from './google-hosts-process.ts';
import { FUNCTION_CORE } from './measures.ts';
import { noop } from './variants.ts';
import type { Variant } from './variants.ts';

/** The variables of infra/ that affect a start. */
const DEPLOYED = { ALLOWED_PROJECTS: 'my-project,123456789012' };

/**
 * The cold start as on Google Cloud, in milliseconds: tokens come from the metadata server, calls and publishes go over
 * TLS to Google's names. The network takes no time here, and everything answers at once.
 */
export async function measureCredentialedStart(variant: Variant, google: GoogleHosts): Promise<number> {
  const { imports, env } = google;
  const startMs = performance.now();
  const fn = await startInFramework(variant, {
    core: FUNCTION_CORE,
    imports,
    env: { ...DEPLOYED, ...env },
  });
  try {
    await untilFirstTaken(fn, startMs);
    const durationMs = performance.now() - startMs;
    checkThatItSent(variant, await google.asked());
    return durationMs;
  } finally {
    await fn.close();
  }
}

/** One cancel and one message for later, each with a token: what does less only seems to be fast. */
function checkThatItSent(variant: Variant, { cancels, tasks, published, refused }: Asked): void {
  const wanted = variant === noop ? 0 : 1;
  if (cancels === wanted && tasks + published === wanted && refused === 0) return;
  const sent = `${cancels} cancels, ${tasks} tasks and ${published} messages, and was refused ${refused}`;
  throw new Error(`${variant.name} sent ${sent}`);
}
