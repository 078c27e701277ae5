// Parts of files: RFC 3659 section 5 (REST STREAM), draft-bryan-ftp-range (RANG).
import { reply, type Reply } from "../control/reply.ts";
import type { FollowUp } from "../control/state.ts";
import type { CommandContext, CommandFamily } from "./command.ts";

/** A part of a file, in bytes: from `start` on up to `end`, which is not in it. */
export interface Part {
  start: number;
  /** Infinity: to the end of the file. */
  end: number;
}

export const WHOLE: Part = { start: 0, end: Number.POSITIVE_INFINITY };

export const BEHIND_THE_END = reply(554, "The restart position is behind the end of the file");

/** The part that REST or RANG asked for right before; the whole file otherwise. */
export function partAsked(previous: FollowUp): Part {
  switch (previous.type) {
    case "Restart":
      return { ...WHOLE, start: previous.offset };
    case "Range":
      return { start: previous.first, end: previous.last + 1 };
    case "None":
    case "Rename":
    case "Copy":
    case "Resumable":
      return WHOLE;
  }
}

/** A number of bytes as commands have it; undefined when it is none, or too large to be exact. */
export function parseOffset(text: string): number | undefined {
  const offset = /^\d{1,16}$/u.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(offset) ? offset : undefined;
}

function restart(context: CommandContext, argument: string): Reply {
  const offset = parseOffset(argument.trim());
  if (offset === undefined) return reply(501, "Send a number of bytes");
  context.leave({ type: "Restart", offset });
  return reply(350, `Restarting at ${offset}; send RETR or STOR`);
}

/** Both ends are in the range; `RANG 1 0`, which is none, forgets it. What REST left is forgotten in any case. */
function range(context: CommandContext, argument: string): Reply {
  const [first, last, ...rest] = argument.trim().split(/ +/u).map(parseOffset);
  if (first === 1 && last === 0) return reply(350, "The whole file again");
  if (first === undefined || last === undefined || rest.length > 0 || first > last) {
    return reply(501, "Send the first and the last byte");
  }
  context.leave({ type: "Range", first, last });
  return reply(350, `Restarting at ${first}, ending at ${last}; send RETR or HASH`);
}

export const partCommands: CommandFamily = [
  {
    verb: "REST",
    argument: "Required",
    login: "Needed",
    feature: () => "REST STREAM",
    syntax: "REST <bytes>",
    specification: "RFC 3659",
    run: restart,
  },
  {
    verb: "RANG",
    argument: "Required",
    login: "Needed",
    feature: () => "RANG STREAM",
    syntax: "RANG <first byte> <last byte>",
    specification: "draft-bryan-ftp-range",
    run: range,
  },
];
