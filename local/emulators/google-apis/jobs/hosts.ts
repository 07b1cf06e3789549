import type { PathVariables } from './path-template.ts';

/** A service with one host for all locations, and one for each of the regions that it has endpoints in. */
export const globalHost =
  (service: string) =>
  (host: string, { location, region }: PathVariables): boolean => {
    const place = location ?? region;
    return (
      host === `${service}.googleapis.com` ||
      (place !== undefined && host === `${service}.${place}.rep.googleapis.com`)
    );
  };
