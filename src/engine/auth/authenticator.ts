import type { Account, Lock } from "./account.ts";

/** Result of a login: the account, why it cannot be used, or undefined when the name, the password or the client is wrong. */
export type LoginResult = Account | Lock | undefined;

/** Returns whether a login succeeded. */
export function isAccount(result: LoginResult): result is Account {
  return typeof result === "object";
}

/** Options of a login that waits for the verification of its password. */
export interface LoginOptions {
  /** Key of the client (ClientKeys.networkOf). Defaults to the address. */
  key?: string;
  /** Ends the wait when it is aborted, for example with the session. */
  signal?: AbortSignal;
  /** Called before the verification. A ban that started during the wait rejects the login without verification. */
  isBanned?: () => boolean;
}

/** Authenticates users. */
export interface Authenticator {
  /**
   * Verifies the password of a user, and that the client is allowed. An unknown name and an account that is disabled or expired take
   * the same time (RFC 2577 section 6). A lock is returned only for the right password.
   * @param client the client's address
   * @throws EngineError TooManyLogins; the reason of the signal
   */
  login(name: string, password: string, client: string, options?: LoginOptions): Promise<LoginResult>;
  /** Returns the account of a client certificate with this name; undefined for an unknown name or a client that is not allowed. */
  byCertificate(name: string, client: string): LoginResult;
  /** Returns the current account; undefined when it is removed, disabled or expired. */
  current(name: string): Account | undefined;
  /** Returns why an existing account cannot be used; undefined when it can. */
  lockOf(name: string): Lock | undefined;
}
