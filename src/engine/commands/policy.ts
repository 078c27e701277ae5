import type { Permission } from "../../api/engine-config.ts";
import { lastReply, reply, type Reply } from "../control/reply.ts";
import type { LoggedInUser } from "../control/state.ts";
import type { Authenticator } from "../auth/auth.ts";
import type { Command } from "./command.ts";

/**
 * What the command table forbids, checked before any handler runs; undefined when the command may run.
 * @param user undefined before login
 */
export function refusal(
  command: Command,
  argument: string,
  user: LoggedInUser | undefined,
): Reply | undefined {
  if (command.login === "Needed" && user === undefined) return reply(530, "Log in first");
  const empty = argument.trim() === "";
  if (command.argument === "Required" && empty) return reply(501, `Syntax: ${command.syntax}`);
  if (command.argument === "None" && !empty) return reply(501, `${command.verb} takes no argument`);
  return command.permission === undefined ? undefined : notAllowed(user, command.permission);
}

/** The reply to a user who lacks a permission; undefined to one who has it. */
export function notAllowed(user: LoggedInUser | undefined, permission: Permission): Reply | undefined {
  return user?.account.permissions.has(permission) === true
    ? undefined
    : reply(550, `Not allowed: ${permission}`);
}

/** The user with the rights of this moment; a reply that ends the session when the account is gone or lives elsewhere now. */
export function refreshed(user: LoggedInUser, authenticator: Authenticator): LoggedInUser | Reply {
  const account = authenticator.current(user.account.name);
  if (account === undefined) return lastReply(421, "Your account was removed");
  if (account.homeDirectory !== user.account.homeDirectory) {
    return lastReply(421, "Your home directory was changed; log in again");
  }
  return { ...user, account };
}
