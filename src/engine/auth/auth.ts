import { DEFAULT_MODES, type FileModes, modesOf } from "../../api/file-modes.ts";
import type { EngineQuota, EngineUser, EngineUserLimits, Permission } from "../../api/engine-config.ts";

/** A user who has logged in. */
export interface Account {
  name: string;
  /** Absolute POSIX path inside the storage root; undefined for an account that sees no files at all. */
  homeDirectory: string | undefined;
  permissions: ReadonlySet<Permission>;
  limits: EngineUserLimits;
  quota: EngineQuota;
  /** Whether files that are there may be changed: replaced, resumed, given another mode. */
  changes: "Allowed" | "Denied";
  /** Modes of what the account creates. */
  modes: FileModes;
}

export type AccountWithHome = Account & { homeDirectory: string };

export function hasHome(account: Account): account is AccountWithHome {
  return account.homeDirectory !== undefined;
}

/** The account of a configured user. @param modes of the server, for a user without modes */
export function accountOf(user: EngineUser, modes = DEFAULT_MODES): Account {
  const { name, homeDirectory, permissions, limits = {}, quota = {}, files } = user;
  return {
    name,
    homeDirectory,
    permissions: new Set(permissions),
    limits,
    quota,
    changes: "Allowed",
    modes: modesOf(files, modes),
  };
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
   * Checks a name, a password and where they come from. Takes the same work for a name that does not exist (RFC 2577 section 6).
   * @param client the client's address
   * @returns the account, or undefined when anything is wrong
   * @throws EngineError TooManyLogins; the reason of the signal
   */
  login(name: string, password: string, client: string, options?: LoginOptions): Promise<Account | undefined>;
  /** The account of one who has shown a certificate in this name; undefined when there is none, or not for this address. */
  byCertificate(name: string, client: string): Account | undefined;
  /** The account as it is now; undefined once it was removed. */
  current(name: string): Account | undefined;
}
