// Virtual hosts: RFC 7151.
import { isIPv4, isIPv6 } from "node:net";
import { reply, type Reply } from "../protocol/reply.ts";
import type { CommandContext } from "../session/command-context.ts";
import type { CommandFamily } from "./command.ts";

/** Syntax of a host name (RFC 1123 section 2.1). */
const HOST_NAME =
  /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*\.?$/iu;

/**
 * Handles HOST. The engine has one virtual host (RFC 7151 section 3.1). This host accepts the names in
 * `tls.serverNames`, or every name if the list is empty.
 */
function host({ session, engine }: CommandContext, argument: string): Reply {
  if (session.state.type !== "AwaitingUser") return reply(503, "HOST must be sent before USER.");
  const name = normalize(argument.trim());
  if (name === undefined) return reply(501, "Invalid host name or address.");
  const names = engine.tls?.config.serverNames ?? [];
  const isKnown = names.length === 0 || names.some((other) => normalize(other) === name);
  // RFC 7151 section 3.2.2: the HOST name must equal the server name of the TLS handshake.
  const asked = session.security?.handshake?.serverName;
  const isAsked = asked === undefined || normalize(asked) === name;
  return isKnown && isAsked ? reply(220, "Host accepted.") : reply(504, "Unknown host.");
}

/** Returns a host name in lower case without the final dot, or an address literal. Returns undefined for other text. */
function normalize(text: string): string | undefined {
  const literal = /^\[(.*)\]$/u.exec(text)?.[1];
  if (literal !== undefined) return isIPv4(literal) || isIPv6(literal) ? literal : undefined;
  return HOST_NAME.test(text) ? text.toLowerCase().replace(/\.$/u, "") : undefined;
}

export const hostCommands: CommandFamily = [
  {
    verb: "HOST",
    argument: "Required",
    login: "NotNeeded",
    feature: () => "HOST",
    syntax: "HOST <name>",
    specification: "RFC 7151",
    run: host,
  },
];
