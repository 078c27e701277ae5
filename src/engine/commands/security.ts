// TLS commands AUTH, PBSZ, PROT and CCC (RFC 2228 section 3, RFC 4217).
import { reply, type Reply } from "../protocol/reply.ts";
import type { Protection } from "../session/transfer-parameters.ts";
import type { EngineContext } from "../session/engine-context.ts";
import type { CommandContext, CommandResult } from "../session/command-context.ts";
import type { CommandFamily } from "./command.ts";

/** Initial protection of data connections, keyed by AUTH mechanism (RFC 4217 section 17). Old clients send SSL. */
const MECHANISMS: Readonly<Record<string, Protection>> = {
  TLS: "Clear",
  "TLS-C": "Clear",
  SSL: "Private",
  "TLS-P": "Private",
};

function authenticate(context: CommandContext, argument: string): CommandResult | Promise<CommandResult> {
  const { engine, session } = context;
  if (engine.config.tls === undefined) return reply(502, "TLS is not configured.");
  // RFC 2228 section 3: reply 431 means that a required resource is not available.
  if (engine.tls === undefined) return reply(431, "TLS is not available; try again later.");
  const protection = MECHANISMS[argument.trim().toUpperCase()];
  if (protection === undefined) return reply(504, "Only AUTH TLS is supported.");
  if (session.security !== undefined) return reply(503, "TLS is already active.");
  if (session.state.type === "LoggedIn") return reply(503, "AUTH must be sent before USER.");
  return session.startTls(reply(234, "Proceed with negotiation."), protection);
}

/** Handles PBSZ. TLS needs no buffer size, so the reply always contains the size 0 (RFC 4217 section 8). */
function bufferSize(context: CommandContext, argument: string): Reply {
  if (context.session.security === undefined) return reply(503, "AUTH TLS required first.");
  if (!/^\d{1,10}$/u.test(argument.trim())) return reply(501, "Invalid buffer size; send PBSZ 0.");
  return reply(200, "PBSZ=0");
}

/**
 * Handles PROT. RFC 4217 section 9 requires PBSZ before PROT. PBSZ has no effect, so the engine accepts PROT without
 * PBSZ.
 */
function protect(context: CommandContext, argument: string): Reply {
  const { session, engine } = context;
  if (session.security === undefined) return reply(503, "AUTH TLS required first.");
  switch (argument.trim().toUpperCase()) {
    case "P":
      return setProtection(context, "Private");
    case "C":
      if (engine.config.tls?.dataProtection === "Required")
        return reply(534, "Data connections must be encrypted; send PROT P.");
      return setProtection(context, "Clear");
    case "S":
    case "E":
      return reply(536, "Only PROT P and PROT C are supported.");
    default:
      return reply(504, "Invalid protection level; send PROT P or PROT C.");
  }
}

function setProtection(context: CommandContext, protection: Protection): Reply {
  const { parameters } = context.transfer;
  // The prepared data connection has the old protection level.
  if (parameters.protection !== protection) context.transfer.prepare(undefined);
  parameters.protection = protection;
  return reply(200, protection === "Private" ? "PROT now Private." : "PROT now Clear.");
}

/**
 * Ends TLS on the control connection if the configuration permits CCC. TLS ends only after the login, so that no
 * password is sent unencrypted. RFC 4217 section 12.3 leaves the conditions for CCC to the server.
 */
function clearControl({ session }: CommandContext): CommandResult | Promise<CommandResult> {
  const { security, state } = session;
  if (security === undefined) return reply(533, "TLS is not active.");
  if (security.relay === undefined) return reply(534, "The control connection must stay encrypted.");
  if (state.type !== "LoggedIn") return reply(503, "Login required first.");
  return session.endTls(reply(200, "Clearing protection of the control connection."));
}

const hasTls = ({ tls }: EngineContext): boolean => tls !== undefined;

export const securityCommands: CommandFamily = [
  {
    verb: "AUTH",
    argument: "Required",
    login: "NotNeeded",
    feature: () => "AUTH TLS",
    offered: hasTls,
    syntax: "AUTH TLS",
    specification: "RFC 2228, RFC 4217",
    run: authenticate,
  },
  {
    verb: "PBSZ",
    argument: "Required",
    login: "NotNeeded",
    feature: () => "PBSZ",
    offered: hasTls,
    syntax: "PBSZ 0",
    specification: "RFC 2228, RFC 4217",
    run: bufferSize,
  },
  {
    verb: "PROT",
    argument: "Required",
    login: "NotNeeded",
    feature: () => "PROT",
    offered: hasTls,
    syntax: "PROT P | C",
    specification: "RFC 2228, RFC 4217",
    run: protect,
  },
  {
    verb: "CCC",
    argument: "None",
    login: "NotNeeded",
    feature: () => "CCC",
    offered: ({ tls }) => tls?.config.clearControl === "Allow",
    syntax: "CCC",
    specification: "RFC 2228, RFC 4217",
    run: clearControl,
  },
];
