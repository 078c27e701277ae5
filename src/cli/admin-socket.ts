import { Option } from "commander";
import { ADMIN_SOCKET } from "../api/engine-config.ts";
import { CommandError } from "../common/command-error.ts";

export function socketOption(): Option {
  return new Option("--socket <PATH>", "connect to the engine that listens on the Unix socket PATH").default(
    ADMIN_SOCKET,
  );
}

/** Returns the response from the engine that listens on a socket. @throws CommandError if no engine responds */
export async function askEngine<T>(socket: string, ask: (socket: string) => Promise<T>): Promise<T> {
  try {
    return await ask(socket);
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new CommandError(`no engine responds (${reason}): ${socket}`, {
      hint: "set --socket to the --admin-socket path of a running engine",
    });
  }
}
