/** What would become of a request: the calls that it leads to, or why there are none. */
export type Explanation = Rejected | { readonly unsupported: string } | Explained;

export interface Rejected {
  readonly rejected: string;
  /** The field that the reference belongs in, where it stands in the other one. */
  readonly belongsIn?: 'operation' | 'job';
}

/** The calls that a request leads to. */
export interface Explained {
  /** Service and version: `notebooks v2`. */
  readonly service: string;
  readonly name: string;
  /** Method and URL. */
  readonly cancel: string;
  /** Absent where the service has no GET. */
  readonly get?: string;
  readonly url: string;
  /** Whether the simulated services know it; absent where the services are Google's. */
  readonly isSimulated?: boolean;
  /** Why the policy refuses it, where it does and the settings are known. */
  readonly forbidden?: string;
}
