export interface CheckAccount {
  user: string;
  password: string;
}

/** How a check logs in, and where. */
export interface CheckRequest {
  /** Host name or IP address. */
  host: string;
  /** Address family to resolve a host name in. Undefined: any, IPv4 first. */
  family?: 4 | 6;
  port: number;
  tls: "None" | "Explicit" | "Implicit";
  /** Whether the certificate must be valid for the host. */
  verifyCertificate: boolean;
  /** Undefined: the check ends before the login. */
  account?: CheckAccount;
  /** For each step: a connection, a reply, a transfer. */
  timeoutMilliseconds: number;
}
