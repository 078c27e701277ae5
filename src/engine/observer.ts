/** Why a control connection was rejected. `SessionsPerUser` is the result of a login with the right password. */
export type RejectionReason = "Sessions" | "SessionsPerClient" | "SessionsPerUser" | "Draining";

/**
 * Result of a login. `Banned`: rejected without a check of the password. `AccountDisabled` and `AccountExpired`: the password is
 * right. `StorageNotWritable`: the engine has no permission to create the home directory. `HomeUnavailable`: the home directory
 * cannot be opened for another reason.
 */
export type LoginResult =
  | "Accepted"
  | "Rejected"
  | "Banned"
  | "AccountDisabled"
  | "AccountExpired"
  | "StorageNotWritable"
  | "HomeUnavailable";

/** Target of a ban: the address of a client, or a user name. */
export type BanTarget = "Client" | "Name";

export type TransferDirection = "Upload" | "Download" | "Listing";
export type TransferResult = "Complete" | "Failed" | "Aborted";

/** Type of a connection with TLS. */
export type ConnectionType = "Control" | "Data";

/** Why a TLS handshake failed. */
export type TlsFailure = "Timeout" | "Certificate" | "Alpn" | "ServerName" | "Version" | "Lost" | "Other";

/** Why a connection was dropped before the first FTP command: its PROXY header is missing, late, invalid or untrusted. */
export type ProxyRejection = "Untrusted" | "Invalid" | "Timeout" | "Closed";

/** Receives the results of TLS handshakes. */
export interface TlsObserver {
  tlsHandshake(connection: ConnectionType, version: string, resumed: boolean): void;
  tlsFailed(connection: ConnectionType, reason: TlsFailure): void;
}

/** Receives the results of loading certificates. */
export interface CertificateObserver {
  /** New handshakes use a certificate with this expiry. */
  certificateLoaded(notAfter: Date): void;
  certificateReloaded(result: "Accepted" | "Rejected"): void;
}

/** Receives the events that the engine counts. Implementations must not throw. */
export interface EngineObserver extends TlsObserver {
  sessionOpened(): void;
  sessionClosed(): void;
  sessionRejected(reason: RejectionReason): void;
  login(result: LoginResult): void;
  loginBan(target: BanTarget): void;
  lineTooLong(): void;
  transferStarted(direction: TransferDirection): void;
  transferEnded(direction: TransferDirection, result: TransferResult, bytes: number, seconds: number): void;
  /** The number of passive reservations changed. */
  passiveReservations(count: number): void;
  /** A PASV or EPSV command waits for a free port. */
  passiveWait(): void;
  /** A PASV or EPSV command found no free port in time. */
  passiveExhausted(): void;
  /** A connection to a passive port matched no reservation. */
  unmatchedConnection(): void;
  proxyRejected(reason: ProxyRejection): void;
}

/** The methods of a pino logger that the engine uses. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
