// Byte ranges in files: REST (RFC 3659 section 5) and RANG (draft-bryan-ftp-range).
import { reply, type Reply } from "../protocol/reply.ts";
import { parseOffset, WHOLE_FILE } from "../protocol/byte-range.ts";
import type { CommandContext } from "../session/command-context.ts";
import type { CommandFamily } from "./command.ts";

function restart(context: CommandContext, argument: string): Reply {
  const offset = parseOffset(argument.trim());
  if (offset === undefined) return reply(501, "Invalid restart position.");
  context.transfer.pending.set({ range: offset === 0 ? undefined : { ...WHOLE_FILE, start: offset } });
  return reply(350, `Restart position accepted (${offset}).`);
}

/** Handles RANG. The start and end offsets are inclusive. `RANG 1 0` resets the range to the complete file. */
function range(context: CommandContext, argument: string): Reply {
  const [first, last, ...rest] = argument.trim().split(/ +/u).map(parseOffset);
  if (first === 1 && last === 0) return reply(350, "Range reset.");
  if (first === undefined || last === undefined || rest.length > 0 || first > last) {
    return reply(501, "Invalid range; send the first and the last byte.");
  }
  context.transfer.pending.set({ range: { start: first, end: last + 1 } });
  return reply(350, `Range accepted (${first}-${last}).`);
}

export const restartCommands: CommandFamily = [
  {
    verb: "REST",
    argument: "Required",
    login: "Needed",
    prepares: "range",
    feature: () => "REST STREAM",
    syntax: "REST <bytes>",
    specification: "RFC 3659",
    run: restart,
  },
  {
    verb: "RANG",
    argument: "Required",
    login: "Needed",
    prepares: "range",
    feature: () => "RANG STREAM",
    syntax: "RANG <first byte> <last byte>",
    specification: "draft-bryan-ftp-range",
    run: range,
  },
];
