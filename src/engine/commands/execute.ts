import { logEvent } from "../../api/log-event.ts";
import { isForeignVerb, parseCommandLine } from "../protocol/command-line.ts";
import type { InputLine } from "../protocol/framing.ts";
import { errorReply, lastReply, logText, reply, type Reply } from "../protocol/reply.ts";
import type { CommandContext, CommandResult, CommandSet } from "../session/command-context.ts";
import type { Command } from "./command.ts";
import { rejectionOf } from "./policy.ts";
import { COMMANDS, NOT_IMPLEMENTED } from "./table.ts";

/** Lowest reply code that reports an error (RFC 959 section 4.2.1). */
const FIRST_ERROR_CODE = 400;

/** Runs the command in an input line if the rules in the command table allow it. */
function execute(context: CommandContext, line: InputLine): CommandResult | Promise<CommandResult> {
  if (line.type !== "Line") {
    context.engine.observer.lineTooLong();
    return unknownCommand(context, "Line too long.");
  }
  const { verb, argument } = parseCommandLine(line.text);
  if (isForeignVerb(verb)) {
    context.session.destroy();
    return "Closed";
  }
  const command = COMMANDS.get(verb);
  if (command !== undefined) return runCommand(context, command, argument);
  return NOT_IMPLEMENTED.has(verb)
    ? reply(502, "Command not implemented.")
    : unknownCommand(context, "Unknown command.");
}

function runCommand(
  context: CommandContext,
  command: Command,
  argument: string,
): CommandResult | Promise<CommandResult> {
  context.transfer.pending.begin(command);
  const unusable = context.session.refreshUser();
  try {
    const result = unusable ?? rejectionOf(command, argument, context) ?? command.run(context, argument);
    if (result instanceof Promise) return logged(context, command, argument, result);
    logRejection(context, command, argument, result);
    return result;
  } catch (error) {
    logRejection(context, command, argument, errorReply(error));
    throw error;
  }
}

async function logged(
  context: CommandContext,
  command: Command,
  argument: string,
  result: Promise<CommandResult>,
): Promise<CommandResult> {
  try {
    const answer = await result;
    logRejection(context, command, argument, answer);
    return answer;
  } catch (error) {
    logRejection(context, command, argument, errorReply(error));
    throw error;
  }
}

/** Logs a failed file command. The argument of a file command is a path, never a password. */
function logRejection(
  { engine, session: { client, loggedIn } }: CommandContext,
  command: Command,
  path: string,
  result: CommandResult,
): void {
  if (typeof result === "string" || result.code < FIRST_ERROR_CODE) return;
  if (loggedIn === undefined || command.permission === undefined) return;
  const { name: user } = loggedIn.account;
  const said = `${result.code} ${result.lines.at(-1) ?? ""}`;
  const fields = { client, user, command: command.verb, path: logText(path), reply: logText(said) };
  engine.log.debug({ ...logEvent("CommandRejected"), ...fields }, "command rejected");
}

/**
 * Returns the reply to a line that is not a known command. The reply never repeats the line, because a third party
 * could interpret the repeated text as another protocol.
 */
function unknownCommand({ session, engine }: CommandContext, text: string): Reply {
  if (session.loggedIn !== undefined) return reply(500, text);
  return session.countUnknownCommand() < engine.config.limits.unknownCommands
    ? reply(500, text)
    : lastReply(421, "Too many unknown commands.");
}

function runsDuringTransfer(line: InputLine): boolean {
  if (line.type !== "Line") return false;
  return COMMANDS.get(parseCommandLine(line.text).verb)?.duringTransfer === true;
}

export const COMMAND_SET: CommandSet = { execute, runsDuringTransfer };
