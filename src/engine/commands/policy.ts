import type { Permission } from "../../api/engine-config.ts";
import { errorReply, reply, type Reply } from "../protocol/reply.ts";
import { permissionDenied } from "../errors.ts";
import type { CommandContext } from "../session/command-context.ts";
import type { LoggedInUser } from "../session/state.ts";
import type { Command } from "./command.ts";

/** Returns the reply that rejects a command before its handler runs. Returns undefined when the command is allowed. */
export function rejectionOf(command: Command, argument: string, context: CommandContext): Reply | undefined {
  const user = context.session.loggedIn;
  if (command.login === "Needed" && user === undefined) return reply(530, "Please login with USER and PASS.");
  if (command.argument === "Required" && argument.trim() === "")
    return reply(501, `Syntax: ${command.syntax}`);
  const denied = command.permission === undefined ? undefined : notAllowed(user, command.permission);
  return denied ?? unprotected(command, context);
}

/**
 * Returns the error reply if the user does not have the permission in any directory. `GuardedStorage` checks the
 * permission for individual paths.
 */
export function notAllowed(user: LoggedInUser | undefined, permission: Permission): Reply | undefined {
  return user?.account.access.allowsSomewhere(permission) === true
    ? undefined
    : errorReply(permissionDenied(permission));
}

/**
 * Returns the error reply if a command requires a protected connection and the connection is not protected (RFC 4217
 * sections 4 and 9). The configured requirement applies even when TLS cannot be loaded. If the configuration allows
 * sessions without TLS, such sessions can open unencrypted data connections.
 */
function unprotected(command: Command, { engine, session, transfer }: CommandContext): Reply | undefined {
  const { tls } = engine.config;
  if (tls === undefined) return undefined;
  const isControlProtected = session.security !== undefined;
  switch (command.tls) {
    case "Control":
      return tls.mode === "Optional" || isControlProtected
        ? undefined
        : reply(530, "TLS required; send AUTH TLS first.");
    case "Data":
      return tls.dataProtection === "Optional" ||
        !isControlProtected ||
        transfer.parameters.protection === "Private"
        ? undefined
        : reply(521, "Data connections must be encrypted; send PBSZ 0 and PROT P.");
    case undefined:
  }
  return undefined;
}
