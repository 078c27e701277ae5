// Commands that change facts: MFMT, MFCT and MFF (draft-somers-ftp-mfxx sections 3 to 5).
import type { Permission } from "../../api/engine-config.ts";
import { reply, type Reply } from "../protocol/reply.ts";
import type { LoggedInUser } from "../session/state.ts";
import type { CommandContext } from "../session/command-context.ts";
import type { CommandFamily } from "./command.ts";
import { locate } from "./locate.ts";
import { modeValue, parseMode, parseTimeValue, timeValue } from "../protocol/facts.ts";
import { notAllowed } from "./policy.ts";

/** Splits an argument at its first space into a value and an unchanged path. */
function cut(argument: string): [value: string, path: string] {
  const space = argument.indexOf(" ");
  return space < 0 ? [argument, ""] : [argument.slice(0, space), argument.slice(space + 1)];
}

async function modifyTime({ user }: CommandContext, argument: string): Promise<Reply> {
  const [value, name] = cut(argument);
  const time = parseTimeValue(value);
  if (time === undefined || name === "") return reply(501, "Syntax: MFMT <YYYYMMDDHHMMSS> <path>");
  const path = await locate(user, name);
  return reply(213, `Modify=${await setTime(user, path, time)}; ${path}`);
}

/**
 * Sets a modification time.
 * @returns the stored time in the format YYYYMMDDHHMMSS. File systems adjust times that they cannot store. For example,
 *   ext4 cannot store times after the year 2446.
 */
export async function setTime({ storage }: LoggedInUser, path: string, time: Date): Promise<string> {
  await storage.setModificationTime(path, time);
  const { modified } = await storage.stat(path, "SetModificationTime");
  return timeValue(modified);
}

/** Rejects the change because Linux cannot change creation times. */
async function createTime({ user }: CommandContext, argument: string): Promise<Reply> {
  const [value, name] = cut(argument);
  if (parseTimeValue(value) === undefined || name === "") {
    return reply(501, "Syntax: MFCT <YYYYMMDDHHMMSS> <path>");
  }
  await user.storage.stat(await locate(user, name), "SetModificationTime");
  return reply(504, "Creation times cannot be set; use MFMT.");
}

/** Parsed change to one fact. */
interface Change {
  permission: Permission;
  /** @throws EngineError PermissionDenied when the user cannot set the fact at this path */
  check(path: string): Promise<void>;
  /** @returns the fact in the format for the reply */
  apply(path: string): Promise<string>;
}

/** Returns the change for a fact `name=value`, or the reply that rejects the change. */
function changeOf(user: LoggedInUser, text: string): Change | Reply {
  const equals = text.indexOf("=");
  const value = text.slice(equals + 1);
  switch (text.slice(0, Math.max(0, equals)).toUpperCase()) {
    case "MODIFY": {
      const time = parseTimeValue(value);
      if (time === undefined) return reply(501, "Invalid Modify fact; send YYYYMMDDHHMMSS.");
      return {
        permission: "SetModificationTime",
        check: (path) => user.storage.check(path, "SetModificationTime"),
        apply: async (path) => `Modify=${await setTime(user, path, time)};`,
      };
    }
    case "UNIX.MODE": {
      const mode = parseMode(value);
      if (mode === undefined) return reply(501, "Invalid UNIX.mode fact; send an octal mode such as 0644.");
      return {
        permission: "Write",
        check: (path) => user.storage.checkMode(path),
        async apply(path) {
          await user.storage.setMode(path, mode);
          return `UNIX.mode=${modeValue(mode)};`;
        },
      };
    }
    default:
      return reply(504, "Only the facts Modify and UNIX.mode can be set.");
  }
}

/** Applies all changes, or none of them if one fact is invalid or not allowed. */
async function modifyFacts({ user }: CommandContext, argument: string): Promise<Reply> {
  const [wanted, name] = cut(argument);
  if (!wanted.endsWith(";") || name === "")
    return reply(501, "Syntax: MFF <fact>=<value>;[<fact>=<value>;] <path>");
  const changes: Change[] = [];
  for (const text of wanted.slice(0, -1).split(";")) {
    const change = changeOf(user, text);
    if ("code" in change) return change;
    const rejection = notAllowed(user, change.permission);
    if (rejection !== undefined) return rejection;
    changes.push(change);
  }
  const path = await locate(user, name);
  for (const change of changes) await change.check(path);
  let facts = "";
  for (const change of changes) facts += await change.apply(path);
  return reply(213, `${facts} ${path}`);
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
    // Each fact requires the permission for the command that sets only this fact (MFMT or SITE CHMOD).
    verb: "MFF",
    argument: "Required",
    login: "Needed",
    feature: () => "MFF Modify;UNIX.mode;",
    syntax: "MFF <fact>=<value>;[<fact>=<value>;] <path>",
    specification: "draft-somers-ftp-mfxx",
    run: modifyFacts,
  },
];
