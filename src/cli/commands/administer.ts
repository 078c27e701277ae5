import { endSessions, listSessions } from "../../engine/admin/client.ts";
import { sessionTable } from "../session-table.ts";

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

/** Prints the sessions of an engine. @returns the exit code: 0 done, 2 no engine answers there */
export async function runSessions({
  socket,
  output,
}: {
  socket: string;
  output: "text" | "json";
}): Promise<number> {
  return await answering("sessions", socket, async () => {
    const sessions = await listSessions(socket);
    process.stdout.write(
      output === "json" ? `${JSON.stringify(sessions, undefined, 2)}\n` : sessionTable(sessions, Date.now()),
    );
    return 0;
  });
}

/** Ends sessions. @returns the exit code: 0 ended some, 1 there were none, 2 wrong use, or no engine answers there */
export async function runKick({
  socket,
  id,
  user,
}: {
  socket: string;
  id?: number;
  user?: string;
}): Promise<number> {
  const selection = id === undefined ? user !== undefined && { user } : { id };
  if (selection === false) {
    process.stderr.write("ftp-operator kick: say whose: --id NUMBER or --user NAME\n");
    return EXIT_USAGE;
  }
  return await answering("kick", socket, async () => {
    const ended = await endSessions(socket, selection);
    process.stdout.write(`${ended === 1 ? "1 session" : `${ended} sessions`} ended\n`);
    return ended > 0 ? 0 : EXIT_FAILED;
  });
}

async function answering(command: string, socket: string, ask: () => Promise<number>): Promise<number> {
  try {
    return await ask();
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : String(error);
    process.stderr.write(
      `ftp-operator ${command}: no engine answers at ${socket} (${reason}); give the --admin-socket of a running engine with --socket\n`,
    );
    return EXIT_USAGE;
  }
}
