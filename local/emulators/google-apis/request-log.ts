/** One request that reached the server. */
export interface RecordedRequest {
  readonly atMs: number;
  readonly method: string;
  /** The real URL it stands for, without the query: `https://notebooks.googleapis.com/v2/…:cancel`. */
  readonly url: string;
  /** The query, undecoded and without the `?`. */
  readonly query: string;
  /** Bytes of body read. Zero is the contract of :cancel and GET. */
  readonly bodyBytes: number;
  /** Whether it carried an Authorization header, which no request to a non-default endpoint may. */
  readonly authorization: boolean;
  /** The HTTP status of the answer; `none` where nothing was, or is yet, answered. */
  readonly status: number | 'none';
}

/** The requests that a filter asks for; without a field, all. */
export interface RequestFilter {
  readonly url?: string;
  readonly method?: string;
}

/** Remembers the latest requests. */
export interface RequestLog {
  /** Records the request as it comes; the entry may be completed until the next one takes its place. */
  record(entry: RecordedRequest): MutableRequest;
  /** Forgets all of them. */
  clear(): void;
  /** Oldest first. */
  list(filter?: RequestFilter): RecordedRequest[];
}

/** An entry whose request is still under way. */
type MutableRequest = { -readonly [Field in keyof RecordedRequest]: RecordedRequest[Field] };

/** A ring: the newest request takes the place of the oldest once there are `limit`. */
export function createRequestLog(limit: number): RequestLog {
  const ring: MutableRequest[] = [];
  let oldest = 0;
  return {
    record(entry) {
      const recorded = { ...entry };
      if (ring.length < limit) {
        ring.push(recorded);
      } else {
        ring[oldest] = recorded;
        oldest = (oldest + 1) % limit;
      }
      return recorded;
    },
    clear() {
      ring.length = 0;
      oldest = 0;
    },
    list: ({ url, method } = {}) =>
      [...ring.slice(oldest), ...ring.slice(0, oldest)]
        .filter((entry) => url === undefined || entry.url === url)
        .filter((entry) => method === undefined || entry.method === method)
        .map((entry) => ({ ...entry })),
  };
}
