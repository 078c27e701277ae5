// Command table. The engine generates the replies to FEAT (RFC 2389 section 3) and HELP (RFC 959 section 4.1.3) from
// this table.
import { reply, type Reply } from "../protocol/reply.ts";
import { accessCommands } from "./access.ts";
import { checksumCommands } from "./checksum.ts";
import { clientCommands } from "./client.ts";
import type { CommandContext } from "../session/command-context.ts";
import type { Command, CommandFamily } from "./command.ts";
import { dataConnectionCommands } from "./data-connection.ts";
import { factCommands } from "./facts.ts";
import { fileCommands } from "./files.ts";
import { hostCommands } from "./host.ts";
import { informationCommands } from "./information.ts";
import { listingCommands } from "./listing.ts";
import { modifyFactCommands } from "./modify-facts.ts";
import { navigationCommands } from "./navigation.ts";
import { parameterCommands } from "./parameters.ts";
import { restartCommands } from "./restart.ts";
import { siteCommands } from "./site.ts";
import { securityCommands } from "./security.ts";
import { transferCommands } from "./transfer.ts";

/**
 * Features without a command. With TVFS, paths are case-sensitive and use `/` as the separator (RFC 3659 section 6).
 */
const GENERAL_FEATURES = ["TVFS"];
const VERBS_PER_LINE = 8;

function features(context: CommandContext): Reply {
  const own = [...COMMANDS.values()]
    .filter(({ offered }) => offered?.(context.engine) ?? true)
    .map(({ feature }) => feature?.(context.transfer.parameters))
    .filter((line) => line !== undefined);
  return reply(211, "Features:", ...[...own, ...GENERAL_FEATURES].toSorted(), "End");
}

function help(_: CommandContext, argument: string): Reply {
  if (argument !== "") {
    const command = COMMANDS.get(argument.trim().toUpperCase());
    return command === undefined ? reply(504, "Unknown command.") : reply(214, `Syntax: ${command.syntax}`);
  }
  const verbs = [...COMMANDS.keys()].toSorted();
  const width = Math.max(...verbs.map(({ length }) => length));
  const cells = verbs.map((verb) => verb.padEnd(width));
  const lines = cells.flatMap((_verb, index) =>
    index % VERBS_PER_LINE === 0
      ? [
          cells
            .slice(index, index + VERBS_PER_LINE)
            .join(" ")
            .trimEnd(),
        ]
      : [],
  );
  return reply(
    214,
    "The following commands are recognized.",
    ...lines,
    "Send HELP <command> for its syntax.",
  );
}

const tableCommands: CommandFamily = [
  {
    verb: "FEAT",
    argument: "None",
    login: "NotNeeded",
    syntax: "FEAT",
    specification: "RFC 2389",
    run: features,
  },
  {
    verb: "HELP",
    argument: "Optional",
    login: "NotNeeded",
    syntax: "HELP [<command>]",
    specification: "RFC 959",
    run: help,
  },
];

/** All commands by verb. */
export const COMMANDS: ReadonlyMap<string, Command> = new Map(
  [
    ...accessCommands,
    ...hostCommands,
    ...securityCommands,
    ...navigationCommands,
    ...parameterCommands,
    ...dataConnectionCommands,
    ...transferCommands,
    ...restartCommands,
    ...listingCommands,
    ...factCommands,
    ...modifyFactCommands,
    ...fileCommands,
    ...checksumCommands,
    ...siteCommands,
    ...informationCommands,
    ...clientCommands,
    ...tableCommands,
  ].map((command) => [command.verb, command]),
);

/**
 * RFC commands that the engine does not implement (reply 502). Other unknown verbs are syntax errors (reply 500, RFC
 * 959 section 4.2.1).
 */
export const NOT_IMPLEMENTED: ReadonlySet<string> = new Set("ADAT CONF ENC MIC LPRT LPSV".split(" "));
