// Working directory: RFC 959 sections 4.1.1 and 4.1.3, RFC 1123 section 4.1.3.1 (X commands).
import { reply, type Reply } from "../protocol/reply.ts";
import type { CommandContext } from "../session/command-context.ts";
import type { Command, CommandFamily, Handler } from "./command.ts";
import { locate } from "./locate.ts";

/** Returns a path in quotation marks for a reply. Doubles the quotation marks in the path (RFC 959 appendix II). */
export function quoted(path: string): string {
  return `"${path.replaceAll('"', '""')}"`;
}

async function changeDirectory(context: CommandContext, argument: string): Promise<Reply> {
  const { user } = context;
  const path = await locate(user, argument);
  await user.storage.stat(path, undefined);
  const { state } = context.session;
  if (state.type === "LoggedIn")
    context.session.changeState({ ...state, user: { ...user, directory: path } });
  return reply(250, `Directory changed to ${quoted(path)}.`);
}

const printDirectory: Handler = ({ user }) =>
  reply(257, `${quoted(user.directory)} is the current directory`);
const changeUp: Handler = (context) => changeDirectory(context, "..");

function command(verb: string, argument: Command["argument"], syntax: string, run: Handler): Command {
  const specification = verb.startsWith("X") ? "RFC 1123" : "RFC 959";
  return { verb, argument, login: "Needed", syntax, specification, run };
}

export const navigationCommands: CommandFamily = [
  command("CWD", "Required", "CWD <directory>", changeDirectory),
  command("XCWD", "Required", "XCWD <directory>", changeDirectory),
  command("CDUP", "None", "CDUP", changeUp),
  command("XCUP", "None", "XCUP", changeUp),
  command("PWD", "None", "PWD", printDirectory),
  command("XPWD", "None", "XPWD", printDirectory),
  // Reply 202 would mean that SMNT is superfluous here, but the engine cannot mount file systems.
  command("SMNT", "Required", "SMNT <path>", () => reply(502, "SMNT not implemented; use CWD.")),
];
