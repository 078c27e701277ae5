import type { Account, Lock } from "./account.ts";

/**
 * Result of a login: the account, or the reason why the account cannot be used. The value is undefined when the engine
 * rejects the name, password or client address.
 */
export type LoginResult = Account | Lock | undefined;

/** Returns whether a login succeeded. */
export function isAccount(result: LoginResult): result is Account {
  return typeof result === "object";
}

/** Options for a login that waits for password verification. */
export interface LoginOptions {
  /** Key of the client address (`ClientKeys.networkOf`). Defaults to the address. */
  key?: string;
  /** Signal that ends the wait, for example when the session ends. */
  signal?: AbortSignal;
  /**
   * Returns whether the client is banned. Called between the wait and the verification. If a ban has started during the
   * wait, the engine rejects the login without verification.
   */
  isBanned?: () => boolean;
}

/** Authenticates users. */
export interface Authenticator {
  /**
   * Verifies the password of a user and checks that the client address is allowed. A rejection takes the same time for
   * an unknown name, for a wrong password, and for a disabled or expired account (RFC 2577 section 6). The method
   * returns a lock only for the correct password.
   * @param client client address
   * @throws EngineError TooManyLogins, or the abort reason of the signal
   */
  login(name: string, password: string, client: string, options?: LoginOptions): Promise<LoginResult>;
  /**
   * Returns the account for a name from a client certificate, or the reason why the account cannot be used. Returns
   * undefined for an unknown name or a client address that is not allowed.
   */
  byCertificate(name: string, client: string): LoginResult;
  /** Returns the current account. Returns undefined for a removed, disabled or expired account. */
  current(name: string): Account | undefined;
  /** Returns the reason why an existing account cannot be used. Returns undefined for a usable account. */
  lockOf(name: string): Lock | undefined;
}
