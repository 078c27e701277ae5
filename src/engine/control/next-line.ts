import { COMMANDS } from "../commands/table.ts";
import type { ControlChannel } from "./channel.ts";
import { parseCommandLine } from "./command-line.ts";
import type { InputLine } from "./framing.ts";
import type { SessionState } from "./state.ts";

/** The line whose turn it is. During a transfer or computation ABOR goes first, and commands that need its end wait. */
export function nextLine(channel: ControlChannel, state: SessionState): InputLine | undefined {
  if (state.type !== "Transferring" && state.type !== "Computing") return channel.take();
  const verbs = channel.queued.map((line) => (line.type === "Line" ? parseCommandLine(line.text).verb : ""));
  const abort = verbs.indexOf("ABOR");
  if (abort >= 0) return channel.takeAt(abort);
  return COMMANDS.get(verbs[0] ?? "")?.duringTransfer === true ? channel.take() : undefined;
}
