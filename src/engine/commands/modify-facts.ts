// Changes of facts: draft-somers-ftp-mfxx sections 3 (MFMT), 4 (MFCT) and 5 (MFF); MDTM with a time, as old clients send it.
import { reply, type Reply } from "../control/reply.ts";
import type { LoggedInUser } from "../control/state.ts";
import { resolvePath } from "../storage/path.ts";
import type { CommandContext, CommandFamily } from "./command.ts";
import { parseTimeValue, timeValue } from "./listing-lines.ts";
import { notAllowed } from "./policy.ts";

/** The argument cut at its first space: a value, and the path behind it as it is. */
function cut(argument: string): [value: string, path: string] {
  const space = argument.indexOf(" ");
  return space < 0 ? [argument, ""] : [argument.slice(0, space), argument.slice(space + 1)];
}

/** The mode bits of `644` or `0644`; undefined when it is something else, bits above the lower nine included. */
export function parseMode(text: string): number | undefined {
  return /^0?[0-7]{3}$/u.test(text) ? Number.parseInt(text, 8) : undefined;
}

function modeValue(mode: number): string {
  return `0${mode.toString(8).padStart(3, "0")}`;
}

async function modifyTime({ user }: CommandContext, argument: string): Promise<Reply> {
  const [value, name] = cut(argument);
  const time = parseTimeValue(value);
  if (time === undefined || name === "") return reply(501, "Send MFMT YYYYMMDDHHMMSS <file>");
  const path = resolvePath(user.directory, name);
  await user.storage.setModificationTime(path, time);
  return reply(213, `Modify=${timeValue(time)}; ${path}`);
}

/** Linux tells when a file was made, but lets nobody change it; to keep another time beside it would make the two disagree. */
async function createTime({ user }: CommandContext, argument: string): Promise<Reply> {
  const [value, name] = cut(argument);
  if (parseTimeValue(value) === undefined || name === "") {
    return reply(501, "Send MFCT YYYYMMDDHHMMSS <file>");
  }
  await user.storage.stat(resolvePath(user.directory, name));
  return reply(504, "Creation times cannot be set here; use MFMT");
}

/** One fact to set: checked, and not done yet. */
interface Change {
  /** The fact as the reply tells it. */
  fact: string;
  refusal: Reply | undefined;
  apply(path: string): Promise<void>;
}

/** The change that a fact `name=value` asks for; a reply when there is no such. */
function changeOf(user: LoggedInUser, text: string): Change | Reply {
  const equals = text.indexOf("=");
  const value = text.slice(equals + 1);
  switch (text.slice(0, Math.max(0, equals)).toUpperCase()) {
    case "MODIFY": {
      const time = parseTimeValue(value);
      if (time === undefined) return reply(501, "Modify needs YYYYMMDDHHMMSS");
      return {
        fact: `Modify=${timeValue(time)};`,
        refusal: notAllowed(user, "SetModificationTime"),
        apply: (path) => user.storage.setModificationTime(path, time),
      };
    }
    case "UNIX.MODE": {
      const mode = parseMode(value);
      if (mode === undefined) return reply(501, "UNIX.mode needs three octal digits");
      return {
        fact: `UNIX.mode=${modeValue(mode)};`,
        refusal: notAllowed(user, "Write"),
        apply: (path) => user.storage.setMode(path, mode),
      };
    }
    default:
      return reply(504, "Only Modify and UNIX.mode can be set");
  }
}

/** All or, when one fact cannot be understood or is not allowed, nothing. */
async function modifyFacts({ user }: CommandContext, argument: string): Promise<Reply> {
  const [facts, name] = cut(argument);
  if (!facts.endsWith(";") || name === "") return reply(501, "Send MFF <fact>=<value>;... <path>");
  const changes: Change[] = [];
  for (const text of facts.slice(0, -1).split(";")) {
    const change = changeOf(user, text);
    if ("code" in change) return change;
    if (change.refusal !== undefined) return change.refusal;
    changes.push(change);
  }
  const path = resolvePath(user.directory, name);
  for (const change of changes) await change.apply(path);
  return reply(213, `${changes.map(({ fact }) => fact).join("")} ${path}`);
}

export const modifyFactCommands: CommandFamily = [
  {
    verb: "MFMT",
    argument: "Required",
    login: "Needed",
    permission: "SetModificationTime",
    feature: () => "MFMT",
    syntax: "MFMT <YYYYMMDDHHMMSS> <path>",
    specification: "draft-somers-ftp-mfxx",
    run: modifyTime,
  },
  {
    verb: "MFCT",
    argument: "Required",
    login: "Needed",
    permission: "SetModificationTime",
    syntax: "MFCT <YYYYMMDDHHMMSS> <path>",
    specification: "draft-somers-ftp-mfxx",
    run: createTime,
  },
  {
    // Each fact needs what the command that sets it alone needs: MFMT or SITE CHMOD.
    verb: "MFF",
    argument: "Required",
    login: "Needed",
    feature: () => "MFF Modify;UNIX.mode;",
    syntax: "MFF <fact>=<value>;[<fact>=<value>;] <path>",
    specification: "draft-somers-ftp-mfxx",
    run: modifyFacts,
  },
];
