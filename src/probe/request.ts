export interface ProbeAccount {
  user: string;
  password: string;
}

/** The server to probe, and how to connect and log in. */
export interface ProbeRequest {
  /** Host name or IP address. */
  host: string;
  /** Address family in which a host name is resolved. Undefined: both, IPv4 first. */
  family?: 4 | 6;
  port: number;
  tls: "None" | "Explicit" | "Implicit";
  /** Whether the certificate must be valid for the host. */
  verifyCertificate: boolean;
  /** Undefined: the probe ends before the login. */
  account?: ProbeAccount;
  /** Time limit of each step: a connection, a reply, a transfer. */
  timeoutMilliseconds: number;
}

/** An address and port to connect to. */
export interface Endpoint {
  /** IP address. */
  address: string;
  port: number;
}

/** Limits of a probe whose server could keep it busy. */
export interface ProbeLimits {
  /** Fails the current step when it aborts. */
  signal?: AbortSignal;
  /** Maximum size of a listing in bytes. Defaults to no limit. */
  maxListingBytes?: number;
}
