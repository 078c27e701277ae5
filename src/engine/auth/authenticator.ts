import type { Account, Lock } from "./account.ts";

/** Result of a login: the account, the reason why it cannot be used, or undefined when name, password or client is wrong. */
export type LoginResult = Account | Lock | undefined;

/** Whether a login succeeded. */
export function isAccount(result: LoginResult): result is Account {
  return typeof result === "object";
}

/** Queueing of a login while its password waits to be verified. */
export interface LoginOptions {
  /** Client by ClientKeys.networkOf. Defaults to the address. */
  key?: string;
  /** Ends the wait when it is aborted, for example with the session. */
  signal?: AbortSignal;
  /** Called immediately before the password is verified. A ban that began during the wait ends the login without verification. */
  isBanned?: () => boolean;
}

/** Decides who someone is. */
export interface Authenticator {
  /**
   * Checks a name, a password and where they come from. Takes the same work for a name that does not exist, and for an account that
   * is disabled or has expired (RFC 2577 section 6). A lock is returned for the right password only.
   * @param client the client's address
   * @throws EngineError TooManyLogins; the reason of the signal
   */
  login(name: string, password: string, client: string, options?: LoginOptions): Promise<LoginResult>;
  /** The account of one who has shown a certificate in this name; undefined when there is none, or not for this address. */
  byCertificate(name: string, client: string): LoginResult;
  /** The current account; undefined when it was removed or disabled, or has expired. */
  current(name: string): Account | undefined;
  /** Why an account that exists cannot be used now. */
  lockOf(name: string): Lock | undefined;
}
