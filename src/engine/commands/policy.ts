import { lastReply, reply, type Reply } from "../protocol/reply.ts";
import type { EngineTls, Permission } from "../../api/engine-config.ts";
import type { LoggedInUser } from "../session/state.ts";
import type { Authenticator } from "../auth/authenticator.ts";
import type { Lock } from "../auth/account.ts";
import type { Command, CommandContext } from "./command.ts";

/**
 * What the command table forbids, checked before any handler runs; undefined when the command may run.
 * @param user undefined before login
 */
export function rejectionOf(
  command: Command,
  argument: string,
  user: LoggedInUser | undefined,
  protection: ProtectionState,
): Reply | undefined {
  if (command.login === "Needed" && user === undefined) return reply(530, "Log in first");
  const empty = argument.trim() === "";
  if (command.argument === "Required" && empty) return reply(501, `Syntax: ${command.syntax}`);
  const forbidden = command.permission === undefined ? undefined : notAllowed(user, command.permission);
  return forbidden ?? unprotected(command, protection);
}

/** The reply to a user who has a permission nowhere; undefined to others. GuardedStorage checks it for each path. */
export function notAllowed(user: LoggedInUser | undefined, permission: Permission): Reply | undefined {
  return user?.account.access.allowsSomewhere(permission) === true
    ? undefined
    : reply(550, `Not allowed: ${permission}`);
}

/** How a session stands with TLS. */
interface ProtectionState {
  /** Undefined: the server is to have none. */
  tls: EngineTls | undefined;
  controlIsProtected: boolean;
  dataIsProtected: boolean;
}

export function protectionState({
  engine,
  security,
  parameters,
}: Pick<CommandContext, "engine" | "security" | "parameters">): ProtectionState {
  return {
    // As configured: TLS that cannot be loaded opens nothing.
    tls: engine.config.tls,
    controlIsProtected: security !== undefined,
    dataIsProtected: parameters.protection === "Private",
  };
}

/** RFC 4217 sections 4 and 9: what must not go in the clear. A session that may be plain as a whole may have plain data too. */
function unprotected(command: Command, protection: ProtectionState): Reply | undefined {
  const { tls, controlIsProtected, dataIsProtected } = protection;
  if (tls === undefined) return undefined;
  switch (command.tls) {
    case "Control":
      return tls.mode === "Optional" || controlIsProtected ? undefined : reply(530, "Send AUTH TLS first");
    case "Data":
      return tls.dataProtection === "Optional" || !controlIsProtected || dataIsProtected
        ? undefined
        : reply(521, "Data connections must be protected; send PBSZ 0 and PROT P");
    case undefined:
  }
  return undefined;
}

/** Texts for a session whose account cannot be used any more. */
const GONE: Readonly<Record<Lock | "Removed", string>> = {
  Removed: "Your account was removed",
  AccountDisabled: "Your account is disabled",
  AccountExpired: "Your account has expired",
};

/** The user with the rights of this moment; a reply that ends the session when the account is gone or lives elsewhere now. */
export function refreshed(user: LoggedInUser, authenticator: Authenticator): LoggedInUser | Reply {
  const { name } = user.account;
  const account = authenticator.current(name);
  if (account === undefined) return lastReply(421, GONE[authenticator.lockOf(name) ?? "Removed"]);
  if (account.homeDirectory !== user.account.homeDirectory) {
    return lastReply(421, "Your home directory was changed; log in again");
  }
  return { ...user, account };
}
