export interface ProbeAccount {
  user: string;
  password: string;
}

/** The target of a probe, with connection and login settings. */
export interface ProbeRequest {
  /** Host name or IP address. */
  host: string;
  /**
   * Address family for the resolution of a host name. If this field is undefined, both families are used, and IPv4 is
   * preferred.
   */
  family?: 4 | 6;
  port: number;
  tls: "None" | "Explicit" | "Implicit";
  /** True if the certificate must be valid for the host. */
  verifyCertificate: boolean;
  /** Login account. If this field is undefined, the probe ends before the login. */
  account?: ProbeAccount;
  /** Maximum time for each step, such as a connection, a reply or a transfer. */
  timeoutMilliseconds: number;
}

/** An address and port to connect to. */
export interface Endpoint {
  /** IP address. */
  address: string;
  port: number;
}

/** Limits that prevent a malicious server from keeping a probe busy. */
export interface ProbeLimits {
  /** When this signal aborts, the current step fails. */
  signal?: AbortSignal;
  /** Maximum size of a listing in bytes. Defaults to no limit. */
  maxListingBytes?: number;
}
