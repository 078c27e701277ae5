export interface ProbeAccount {
  user: string;
  password: string;
}

/** The target of a probe, with connection and login settings. */
export interface ProbeRequest {
  /** Host name or IP address. */
  host: string;
  /** Address family for the resolution of a host name. Undefined: both, IPv4 first. */
  family?: 4 | 6;
  port: number;
  tls: "None" | "Explicit" | "Implicit";
  /** True if the certificate must be valid for the host. */
  verifyCertificate: boolean;
  /** Login account. If undefined, the probe ends before the login. */
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

/** Limits of a probe, because a malicious server could keep a probe busy. */
export interface ProbeLimits {
  /** If aborted, this signal fails the current step. */
  signal?: AbortSignal;
  /** Maximum size of a listing in bytes. Defaults to no limit. */
  maxListingBytes?: number;
}
