import type { Permission } from "../../api/engine-config.ts";

/** A user who has logged in. */
export interface Account {
  name: string;
  /** Absolute POSIX path inside the storage root. */
  homeDirectory: string;
  permissions: ReadonlySet<Permission>;
}

/** Decides who someone is. */
export interface Authenticator {
  /**
   * Checks a name and a password. Takes the same work for a name that does not exist (RFC 2577 section 6).
   * @returns the account, or undefined when either is wrong
   */
  login(name: string, password: string): Promise<Account | undefined>;
  /** The account as it is now; undefined once it was removed. */
  current(name: string): Account | undefined;
}
