export interface ProbeAccount {
  user: string;
  password: string;
}

/** Target of a probe, with connection and login settings. */
export interface ProbeRequest {
  /** Host name or IP address. */
  host: string;
  /**
   * Address family for the resolution of a host name. If this field is undefined, the probe uses both families and
   * prefers IPv4.
   */
  family?: 4 | 6;
  port: number;
  tls: "None" | "Explicit" | "Implicit";
  /** Whether the certificate must be valid for the host. */
  verifyCertificate: boolean;
  /** Login account. If this field is undefined, the probe ends before the login. */
  account?: ProbeAccount;
  /** Maximum time in milliseconds for each operation, such as a connection, a reply or a transfer. */
  timeoutMilliseconds: number;
}

/** Address and port of a server. */
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
