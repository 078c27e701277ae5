import { COMMANDS } from "../commands/table.ts";
import type { ControlConnection } from "./control-connection.ts";
import { parseCommandLine } from "../protocol/command-line.ts";
import type { InputLine } from "../protocol/framing.ts";
import type { SessionState } from "./state.ts";

const ABORT = "ABOR";

/** The line whose turn it is. During a transfer or computation ABOR goes first, and commands that need its end wait. */
export function nextLine(channel: ControlConnection, state: SessionState): InputLine | undefined {
  if (state.type !== "Transferring" && state.type !== "Computing") return channel.take();
  const abort = channel.queued.findIndex(isAbort);
  if (abort >= 0) return channel.takeAt(abort);
  const [first] = channel.queued;
  const verb = first?.type === "Line" ? parseCommandLine(first.text).verb : "";
  return COMMANDS.get(verb)?.duringTransfer === true ? channel.take() : undefined;
}

/** Checks the verb only, because this runs for every queued line before each reply. */
function isAbort(line: InputLine): boolean {
  if (line.type !== "Line" || line.text.slice(0, ABORT.length).toUpperCase() !== ABORT) return false;
  return line.text.length === ABORT.length || line.text[ABORT.length] === " ";
}
