import type { Lock } from "./auth/account.ts";
import type { Banned } from "./auth/failed-logins.ts";
import type { ProxyObserver } from "./proxy-protocol/header-reader.ts";
import type { TlsObserver } from "./tls/tls-layer.ts";

/** Why a control connection was turned away; SessionsPerUser: after the right password. */
export type RejectionReason = "Sessions" | "SessionsPerClient" | "SessionsPerUser" | "Draining";

/**
 * Banned: rejected without a look at the password. Lock: rejected although the password is right. StorageNotWritable: the home directory cannot be created because the volume does
 * not admit the engine. HomeUnavailable: the home directory cannot be opened for another reason.
 */
export type LoginResult =
  | "Accepted"
  | "Rejected"
  | "Banned"
  | Lock
  | "StorageNotWritable"
  | "HomeUnavailable";

export type TransferDirection = "Upload" | "Download" | "Listing";
export type TransferResult = "Complete" | "Failed" | "Aborted";

/** What the engine's core counts. One method per fact; implementations must not throw. */
export interface EngineObserver extends TlsObserver, ProxyObserver {
  sessionOpened(): void;
  sessionClosed(): void;
  sessionRejected(reason: RejectionReason): void;
  login(result: LoginResult): void;
  loginBan(whom: Banned): void;
  lineTooLong(): void;
  transferStarted(direction: TransferDirection): void;
  transferEnded(direction: TransferDirection, result: TransferResult, bytes: number, seconds: number): void;
  /** How many passive reservations stand now. */
  passiveReservations(count: number): void;
  /** A PASV or EPSV had to wait for a free port. */
  passiveWait(): void;
  /** A PASV or EPSV found no free port in time. */
  passiveExhausted(): void;
  /** A data connection without a reservation. */
  strayConnection(): void;
}

/** The part of a pino logger that the core uses. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
