// Commands that return a fact about one file: MDTM (RFC 3659 section 3) and SIZE (RFC 3659 section 4).
import { reply, type Reply } from "../protocol/reply.ts";
import type { LoggedInUser } from "../session/state.ts";
import { EngineError } from "../errors.ts";
import type { CommandContext } from "../session/command-context.ts";
import type { CommandFamily } from "./command.ts";
import { locate } from "./locate.ts";
import { statAny, type Found } from "./incomplete.ts";
import { parseTimeValue, timeValue } from "../protocol/facts.ts";
import { setTime } from "./modify-facts.ts";
import { notAllowed } from "./policy.ts";

async function findFile(user: LoggedInUser, path: string): Promise<Found> {
  const found = await statAny(user, path, "Read");
  if (found.entry.type !== "File") throw new EngineError("IsADirectory", "Not a plain file");
  return found;
}

async function size(context: CommandContext, argument: string): Promise<Reply> {
  // The size in ASCII type depends on the number of line ends, so SIZE would have to read the file (RFC 3659 section
  // 4).
  if (context.transfer.parameters.type === "Ascii")
    return reply(550, "SIZE not allowed in ASCII mode; send TYPE I.");
  const { user, transfer } = context;
  const path = await locate(user, argument);
  const { entry, isIncomplete } = await findFile(user, path);
  if (isIncomplete) transfer.pending.set({ resumable: { path, offset: entry.size } });
  return reply(213, String(entry.size));
}

async function modificationTime(context: CommandContext, argument: string): Promise<Reply> {
  const { user } = context;
  try {
    const { entry } = await findFile(user, await locate(user, argument));
    return reply(213, timeValue(entry.modified));
  } catch (error) {
    return (await timeSet(context, argument)) ?? Promise.reject(error);
  }
}

/**
 * Sets the modification time with `MDTM <time> <file>`, the syntax of clients older than MFMT. Sets the time only if no
 * file has the complete argument as its name.
 * @returns undefined when the argument has another syntax
 */
async function timeSet({ user }: CommandContext, argument: string): Promise<Reply | undefined> {
  const { value = "", name = "" } = /^(?<value>\d{14}) (?<name>.+)$/u.exec(argument)?.groups ?? {};
  const time = parseTimeValue(value);
  if (time === undefined) return undefined;
  const rejection = notAllowed(user, "SetModificationTime");
  if (rejection !== undefined) return rejection;
  const path = await locate(user, name);
  await user.storage.check(path, "Read");
  return reply(213, await setTime(user, path, time));
}

export const factCommands: CommandFamily = [
  {
    verb: "SIZE",
    argument: "Required",
    login: "Needed",
    permission: "Read",
    prepares: "resumable",
    feature: () => "SIZE",
    syntax: "SIZE <file>",
    specification: "RFC 3659",
    run: size,
  },
  {
    // `MDTM` with a time also requires the `SetModificationTime` permission.
    verb: "MDTM",
    permission: "Read",
    argument: "Required",
    login: "Needed",
    feature: () => "MDTM",
    syntax: "MDTM [<YYYYMMDDHHMMSS>] <file>",
    specification: "RFC 3659",
    run: modificationTime,
  },
];
