import type { Socket } from 'node:net';
import { buildConnector, Client } from 'undici';
import type { Dispatcher } from 'undici';

/**
 * Kept connections, one pool for each origin. A pool exists only while it has connections, and an idle connection is
 * closed after a while.
 *
 * Each connection is a client of its own, because a pool of undici does not tell which of its connections a request
 * takes: a kept connection that is closed before it answers means something else than a fresh one.
 */
export interface Connections {
  /**
   * Gives a connection to an origin, as `https://notebooks.googleapis.com`: at once, or, where the maximum is in use,
   * when another request gives one back.
   *
   * @returns a function that stops waiting; undefined where `use` was called
   */
  acquire(origin: string, use: (connection: Connection) => void): (() => void) | undefined;
  /** Closes them all, also those in use. */
  close(): void;
}

/** A connection that one request has for itself. It is connected when the request is dispatched. */
export interface Connection {
  dispatch(
    request: Pick<Dispatcher.DispatchOptions, 'method' | 'path' | 'headers' | 'body'>,
    handler: Dispatcher.DispatchHandler,
  ): void;
  /** Whether it has been connected since before this request. */
  isKept(): boolean;
  /** Gives it back for the next request. */
  release(): void;
  /** Closes it, connected or not. */
  discard(): void;
}

interface Pool {
  readonly all: Set<Connection>;
  /** The one that was used last is taken first, so that those beyond the need time out. */
  readonly idle: Connection[];
  readonly waiting: Set<(connection: Connection) => void>;
  lastUse: number;
}

const LIMITS = {
  /** A connection that died unseen, while the instance had no CPU, costs a whole attempt. */
  idleTimeoutMs: 30_000,
  /** To one origin. */
  maxConnections: 2_048,
  /** Above it, the pool that was used longest ago is closed, unless each has a request in flight. */
  maxOrigins: 64,
};

export function createConnections(limits: Partial<typeof LIMITS> = {}): Connections {
  const { idleTimeoutMs, maxConnections, maxOrigins } = { ...LIMITS, ...limits };
  const pools = new Map<string, Pool>();
  let uses = 0;
  // One for all, because it keeps TLS sessions. It returns the socket, which its type leaves out. HTTP/1.1, because HTTP/2
  // takes half as much CPU again; no time limit, because each request has its own.
  const connect = buildConnector({ allowH2: false, timeout: 0 }) as (
    ...parameters: Parameters<buildConnector.connector>
  ) => Socket;

  function poolOf(origin: string): Pool {
    const pool = pools.get(origin) ?? { all: new Set(), idle: [], waiting: new Set(), lastUse: 0 };
    if (!pools.has(origin)) {
      if (pools.size >= maxOrigins) closeOldest();
      pools.set(origin, pool);
    }
    uses += 1;
    pool.lastUse = uses;
    return pool;
  }

  function closeOldest(): void {
    const unused = [...pools.values()].filter(({ all, idle }) => all.size === idle.length);
    const oldest = unused.reduce<Pool | undefined>(
      (least, pool) => (least === undefined || pool.lastUse < least.lastUse ? pool : least),
      undefined,
    );
    for (const connection of [...(oldest?.all ?? [])]) connection.discard();
  }

  function open(origin: string, pool: Pool): Connection {
    let socket: Socket | undefined;
    let kept = false;
    const client = new Client(origin, {
      connect: (options, callback) => {
        socket = connect(options, callback);
      },
      allowH2: false,
      keepAliveTimeout: idleTimeoutMs,
      keepAliveMaxTimeout: idleTimeoutMs,
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    const connection: Connection = {
      dispatch: (request, handler) => void client.dispatch(request, handler),
      isKept: () => kept,
      release: () => {
        kept = true;
        const use = nextWaiting(pool);
        if (use === undefined) pool.idle.push(connection);
        else use(connection);
      },
      discard: () => {
        forget(origin, pool, connection);
        const reason = new Error('the connection was given up');
        void client.destroy(reason);
        // The client leaves alone what is still connecting.
        socket?.destroy(reason);
      },
    };
    client.on('connect', () => {
      kept = false;
    });
    // One in use ends its request with an error; or, if nothing was sent, it connects again.
    client.on('disconnect', () => {
      if (pool.idle.includes(connection)) forget(origin, pool, connection);
    });
    pool.all.add(connection);
    return connection;
  }

  function forget(origin: string, pool: Pool, connection: Connection): void {
    if (!pool.all.delete(connection)) return;
    const index = pool.idle.indexOf(connection);
    if (index !== -1) pool.idle.splice(index, 1);
    nextWaiting(pool)?.(open(origin, pool));
    if (pool.all.size === 0) pools.delete(origin);
  }

  return {
    acquire: (origin, use) => {
      const pool = poolOf(origin);
      const idle = pool.idle.pop();
      if (idle !== undefined) {
        use(idle);
      } else if (pool.all.size < maxConnections) {
        use(open(origin, pool));
      } else {
        pool.waiting.add(use);
        return () => pool.waiting.delete(use);
      }
      return undefined;
    },
    close: () => {
      for (const { all, waiting } of [...pools.values()]) {
        waiting.clear();
        for (const connection of [...all]) connection.discard();
      }
    },
  };
}

/** Takes the one that has waited longest. */
function nextWaiting({ waiting }: Pool): ((connection: Connection) => void) | undefined {
  const [use] = waiting;
  if (use !== undefined) waiting.delete(use);
  return use;
}
