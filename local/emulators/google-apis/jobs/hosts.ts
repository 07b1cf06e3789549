import type { JobKind } from './job-kind.ts';

/** A service with one host for all locations, and one for each of the regions that it has endpoints in. */
export const globalHost =
  (service: string): JobKind['host'] =>
  (host, { location, region }) => {
    const place = location ?? region;
    return (
      host === `${service}.googleapis.com` ||
      (place !== undefined && host === `${service}.${place}.rep.googleapis.com`)
    );
  };
