/**
 * Reason why a control connection was rejected or a session was ended. `Sessions` includes sessions that a new session
 * replaces. `SessionsPerUser` applies only after the user is authenticated.
 */
export type RejectionReason = "Sessions" | "SessionsPerClient" | "SessionsPerUser" | "Draining";

/**
 * Result of a login.
 * `Banned`: the engine rejected the login because of a ban, even if the password is correct.
 * `AccountDisabled`, `AccountExpired`: the user is authenticated, but the account cannot be used.
 * `StorageNotWritable`: the engine has no permission to create the home directory.
 * `HomeUnavailable`: the home directory cannot be opened for another reason.
 */
export type LoginResult =
  | "Accepted"
  | "Rejected"
  | "Banned"
  | "AccountDisabled"
  | "AccountExpired"
  | "StorageNotWritable"
  | "HomeUnavailable";

/** Target of a ban: a client address or a user name. */
export type BanTarget = "Client" | "Name";

export type TransferDirection = "Upload" | "Download" | "Listing";
export type TransferResult = "Complete" | "Failed" | "Aborted";

/** Type of a connection with TLS. */
export type ConnectionType = "Control" | "Data";

/** Reason why a TLS handshake failed. */
export type TlsFailure = "Timeout" | "Certificate" | "Alpn" | "ServerName" | "Version" | "Lost" | "Other";

/**
 * Reason why a connection was dropped before the first FTP command: its PROXY header is missing, late, invalid or
 * untrusted.
 */
export type ProxyRejection = "Untrusted" | "Invalid" | "Timeout" | "Closed";

/** Receives the results of TLS handshakes. */
export interface TlsObserver {
  tlsHandshake(connection: ConnectionType, version: string, resumed: boolean): void;
  tlsFailed(connection: ConnectionType, reason: TlsFailure): void;
}

/** Receives the results of certificate loading. */
export interface CertificateObserver {
  /** Called when new handshakes use a certificate with this expiry time. */
  certificateLoaded(notAfter: Date): void;
  certificateReloaded(result: "Accepted" | "Rejected"): void;
}

/**
 * Result of a request to object storage.
 * `Conflict`: the object does not have the required state.
 * `Throttled`: the service is busy.
 * `Unreachable`: the connection failed or the request timed out.
 * `Aborted`: the engine ended the request, for example because the transfer was aborted.
 */
export type ObjectStorageResult =
  | "Success"
  | "NotFound"
  | "Conflict"
  | "Denied"
  | "Throttled"
  | "Unreachable"
  | "Aborted"
  | "Failed";

/** Receives the results of requests to object storage. */
export interface ObjectStorageObserver {
  /** @param operation S3 operation, for example `PutObject` */
  objectStorageRequest(
    operation: string,
    result: ObjectStorageResult,
    seconds: number,
    isRetry: boolean,
  ): void;
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
  /** Called when the number of passive reservations changes. */
  passiveReservations(count: number): void;
  /** Called when a PASV or EPSV command waits for a free port. */
  passiveWait(): void;
  /** Called when a PASV or EPSV command finds no free port in time. */
  passiveExhausted(): void;
  /** Called when a connection to a passive port matches no reservation. */
  unmatchedConnection(): void;
  proxyRejected(reason: ProxyRejection): void;
}

/** Pino logger methods that the engine uses. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
