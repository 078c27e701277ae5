// SITE commands (RFC 959 section 4.1.3). All commands except HELP follow the syntax of other FTP servers.
import { reply, type Reply } from "../protocol/reply.ts";
import { parseCommandLine } from "../protocol/command-line.ts";
import type { CommandContext, CommandResult } from "../session/command-context.ts";
import type { Command, CommandFamily } from "./command.ts";
import { locate } from "./locate.ts";
import { CPFR, CPTO } from "./copy.ts";
import { parseMode, parseTimeValue } from "../protocol/facts.ts";
import { rejectionOf } from "./policy.ts";
import { IDLE, UMASK } from "./site-settings.ts";

const CHMOD_SYNTAX = "SITE CHMOD <octal mode> <path>";
const UTIME_SYNTAX = "SITE UTIME <YYYYMMDDHHMM[SS]> <path> | <path> <accessed> <modified> <created> UTC";

async function changeMode({ user }: CommandContext, argument: string): Promise<Reply> {
  const { verb: digits, argument: name } = parseCommandLine(argument);
  const mode = parseMode(digits);
  if (mode === undefined || name === "") return reply(501, `Syntax: ${CHMOD_SYNTAX}`);
  await user.storage.setMode(await locate(user, name), mode);
  return reply(200, "SITE CHMOD command successful.");
}

/**
 * Accepts one time before the path, or three times after the path. Of the three times, the engine sets only the second
 * (the modification time).
 */
async function changeTime({ user }: CommandContext, argument: string): Promise<Reply> {
  const three = /^(?<name>.+) \d+ (?<time>\d+) \d+ UTC$/iu.exec(argument);
  const { time = "", name = "" } = (three ?? /^(?<time>\d+) (?<name>.+)$/u.exec(argument))?.groups ?? {};
  const modified = parseTimeValue(time.length === 12 ? `${time}00` : time);
  if (modified === undefined) return reply(501, `Syntax: ${UTIME_SYNTAX}`);
  await user.storage.setModificationTime(await locate(user, name), modified);
  return reply(200, "SITE UTIME command successful.");
}

function help(_: CommandContext, argument: string): Reply {
  if (argument === "") {
    const lines = [...SITE_COMMANDS.values()].map(({ syntax }) => syntax);
    return reply(214, "The following SITE commands are recognized.", ...lines, "Help OK.");
  }
  const command = SITE_COMMANDS.get(argument.trim().toUpperCase());
  return command === undefined
    ? reply(504, "Unknown SITE command.")
    : reply(214, `Syntax: ${command.syntax}`);
}

function site(context: CommandContext, argument: string): CommandResult | Promise<CommandResult> {
  const { verb, argument: rest } = parseCommandLine(argument);
  const command = SITE_COMMANDS.get(verb);
  if (command === undefined) return reply(504, "Unknown SITE command; see SITE HELP.");
  context.transfer.pending.begin(command);
  return rejectionOf(command, rest, context) ?? command.run(context, rest);
}

/** SITE commands, keyed by the word after SITE. */
export const SITE_COMMANDS: ReadonlyMap<string, Command> = new Map(
  [
    {
      // SITE CHMOD has no separate permission, because clients that mirror permissions send it after each upload.
      verb: "CHMOD",
      argument: "Required",
      login: "Needed",
      permission: "Write",
      syntax: CHMOD_SYNTAX,
      specification: "none",
      run: changeMode,
    } as const,
    {
      verb: "UTIME",
      argument: "Required",
      login: "Needed",
      permission: "SetModificationTime",
      syntax: UTIME_SYNTAX,
      specification: "none",
      run: changeTime,
    } as const,
    CPFR,
    CPTO,
    UMASK,
    IDLE,
    {
      verb: "HELP",
      argument: "Optional",
      login: "Needed",
      syntax: "SITE HELP [<command>]",
      specification: "none",
      run: help,
    } as const,
  ].map((command) => [command.verb, command]),
);

export const siteCommands: CommandFamily = [
  {
    verb: "SITE",
    argument: "Required",
    login: "Needed",
    syntax: `SITE ${[...SITE_COMMANDS.keys()].join(" | ")}`,
    specification: "RFC 959",
    run: site,
  },
];
