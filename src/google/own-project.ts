import { Failure, messageOf } from '../core/failure.ts';
import type { OwnProject } from '../core/ports.ts';

/**
 * The project that the function runs in: as configured, and by the metadata server, which also knows its number, the form in which
 * many services write their operations' names. Where there is no metadata server, on a developer's machine, the project
 * that a message came from stands for it.
 */
export function createOwnProject(options: {
  /** GOOGLE_CLOUD_PROJECT, where it is set. */
  readonly configured: string | undefined;
  /** Whether to ask the metadata server. */
  readonly onGoogleCloud: boolean;
}): OwnProject {
  const { configured, onGoogleCloud } = options;
  let asked: Promise<readonly string[]> | undefined;

  const askOnce = async (): Promise<readonly string[]> => {
    try {
      return await (asked ??= onGoogleCloud ? askMetadataServer() : Promise.resolve([]));
    } catch (cause) {
      // With a configured id only the number is missed, and asking again would hold up every message.
      asked = configured === undefined ? undefined : Promise.resolve([]);
      if (configured !== undefined) return [];
      throw new Failure('Unavailable', `the function's own project is unknown: ${messageOf(cause)}`, {
        cause,
      });
    }
  };

  const names = async (near: string | undefined): Promise<readonly [string, ...string[]]> => {
    const [first, ...others] = new Set([
      ...(configured === undefined ? [] : [configured]),
      ...(await askOnce()),
    ]);
    if (first !== undefined) return [first, ...others];
    if (near !== undefined && !onGoogleCloud) return [near];
    throw new Failure('Unavailable', "the function's own project is unknown: set GOOGLE_CLOUD_PROJECT");
  };

  return { names, id: async (near) => configured ?? (await names(near))[0] };
}

async function askMetadataServer(): Promise<string[]> {
  const { gcpMetadata } = await import('google-auth-library');
  const found: unknown[] = await Promise.all([
    gcpMetadata.project('project-id'),
    gcpMetadata.project('numeric-project-id'),
  ]);
  return found.map(String);
}
