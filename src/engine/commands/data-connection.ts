// Data connections: RFC 959 section 4.1.2 (PORT, PASV), RFC 2428 (EPRT, EPSV), RFC 2577 section 3 (FTP bounce attack).
import { isIPv4 } from "node:net";
import { reply, type Reply } from "../protocol/reply.ts";
import { type DataPort, parseExtendedPort, parsePort } from "../protocol/data-port.ts";
import { ActiveSource } from "../transfer/active-source.ts";
import { SNAT_KEY } from "../client-address.ts";
import type { PassiveSource } from "../passive/reservation.ts";
import type { CommandContext, CommandResult } from "../session/command-context.ts";
import type { CommandFamily } from "./command.ts";

/** Lowest client port for data connections. Lower ports are reserved for well-known services (RFC 2577 section 3). */
const FIRST_UNPRIVILEGED_PORT = 1024;

const ONLY_EPSV = reply(501, "Only EPSV is allowed after EPSV ALL.");

function passive(context: CommandContext): CommandResult | Promise<CommandResult> {
  if (context.transfer.parameters.extendedPassiveOnly) return ONLY_EPSV;
  const { engine, session } = context;
  if (!isIPv4(session.client) && engine.clients.keyOf(session.client) !== SNAT_KEY) {
    return reply(425, "PASV requires IPv4; use EPSV.");
  }
  const address = engine.passive.addressFor(session);
  if (address === undefined) return reply(425, "The announced address is not known yet; use EPSV.");
  return reserve(context, (port) => {
    const numbers = [...address.split("."), port >> 8, port & 0xff].join(",");
    return reply(227, `Entering Passive Mode (${numbers})`);
  });
}

function extendedPassive(context: CommandContext, argument: string): CommandResult | Promise<CommandResult> {
  const wanted = argument.trim().toUpperCase();
  if (wanted === "ALL") {
    context.transfer.parameters.extendedPassiveOnly = true;
    return reply(200, "EPSV ALL ok.");
  }
  if (wanted !== "" && !/^\d+$/u.test(wanted)) return reply(501, "Syntax: EPSV [1 | 2 | ALL]");
  const family = isIPv4(context.session.client) ? "1" : "2";
  if (wanted !== "" && wanted !== family)
    return reply(522, `Network protocol not supported, use (${family})`);
  return reserve(context, (port) => reply(229, `Entering Extended Passive Mode (|||${port}|)`));
}

/**
 * Reserves a port for the next data connection. Returns the reply that announces the port. The result is a promise only
 * if no port is free.
 */
function reserve(
  context: CommandContext,
  announce: (port: number) => Reply,
): CommandResult | Promise<CommandResult> {
  // Each session has at most one reservation. The engine releases the old reservation first, because its port may be
  // the only port that the session can reserve.
  context.transfer.prepare(undefined);
  const { engine, session, transfer } = context;
  const protection = transfer.parameters.protection === "Private" ? session.security?.data : undefined;
  const key = engine.clients.keyOf(session.client);
  const prepare = (source: PassiveSource): CommandResult => {
    transfer.prepare(source);
    // The session can end during the wait.
    return transfer.source === source ? announce(source.port) : "Closed";
  };
  const reserved = engine.passive.reserve(key, protection);
  return reserved instanceof Promise ? reserved.then(prepare) : prepare(reserved);
}

function active(context: CommandContext, target: DataPort | undefined): Reply {
  const { engine } = context;
  if (context.transfer.parameters.extendedPassiveOnly) return ONLY_EPSV;
  if (engine.config.active.mode === "Disabled")
    return reply(502, "Active mode is disabled; use EPSV or PASV.");
  if (target === undefined) return reply(501, "Invalid address or port.");
  if (target.port < FIRST_UNPRIVILEGED_PORT)
    return reply(504, `Ports below ${FIRST_UNPRIVILEGED_PORT} are not allowed.`);
  if (!engine.clients.isOwnAddress(context.session.client, target.address)) {
    return reply(504, "Only the address of the client is allowed; use EPSV or PASV.");
  }
  const { config, clock, log } = engine;
  context.transfer.prepare(new ActiveSource({ target, sourcePort: config.active.sourcePort, clock, log }));
  return reply(200, "Port command successful.");
}

function extendedPort(context: CommandContext, argument: string): Reply {
  const target = parseExtendedPort(argument);
  if (target !== "Unsupported") return active(context, target);
  return context.engine.config.active.mode === "Enabled" && !context.transfer.parameters.extendedPassiveOnly
    ? reply(522, "Network protocol not supported, use (1,2)")
    : active(context, undefined);
}

export const dataConnectionCommands: CommandFamily = [
  {
    verb: "PASV",
    argument: "None",
    login: "Needed",
    syntax: "PASV",
    specification: "RFC 959",
    run: passive,
  },
  {
    verb: "EPSV",
    argument: "Optional",
    login: "Needed",
    feature: () => "EPSV",
    syntax: "EPSV [1 | 2 | ALL]",
    specification: "RFC 2428",
    run: extendedPassive,
  },
  {
    verb: "PORT",
    argument: "Required",
    login: "Needed",
    syntax: "PORT <h1,h2,h3,h4,p1,p2>",
    specification: "RFC 959",
    run: (context, argument) => active(context, parsePort(argument)),
  },
  {
    verb: "EPRT",
    argument: "Required",
    login: "Needed",
    feature: () => "EPRT",
    offered: ({ config }) => config.active.mode === "Enabled",
    syntax: "EPRT |<protocol>|<address>|<port>|",
    specification: "RFC 2428",
    run: extendedPort,
  },
];
