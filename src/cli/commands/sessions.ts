/** `sessions` of both programs. */
import { Command } from "commander";
import { EXIT_FAILED, EXIT_OK } from "../../common/command-error.ts";
import { formatAge, formatBytes } from "../../common/text.ts";
import type { SessionView } from "../../engine/admin/client.ts";
import { askEngine, socketOption } from "../admin-socket.ts";
import { askPods } from "../cluster/ask-pods.ts";
import { type FtpServerClient, ftpServerCommand } from "../cluster/ftp-server-client.ts";
import { formatTable, type OutputFormat, outputOption, printResult } from "../output.ts";

interface Options {
  output: OutputFormat;
}

/** `ftp-operator sessions`. */
export function sessionsCommand(): Command {
  return new Command("sessions")
    .description("list sessions and transfers in the engine on this machine or in this container")
    .addOption(socketOption())
    .addOption(outputOption())
    .addHelpText("after", "\nExit codes: 0 listed, 2 no engine responds.")
    .action(async ({ socket, output }: Options & { socket: string }) => {
      const { listSessions } = await import("../../engine/admin/client.ts");
      const sessions = await askEngine(socket, listSessions);
      await printResult(output, sessions, () => sessionTable(sessions, Date.now()));
    });
}

/** `kubectl ftpsrv sessions NAME`. */
export function serverSessionsCommand(): Command {
  return ftpServerCommand(
    "sessions",
    "list sessions and transfers in all pods",
    listServerSessions,
  ).addOption(outputOption());
}

async function listServerSessions(server: FtpServerClient, { output }: Options): Promise<number> {
  const pods = await server.pods();
  const { byPod, isComplete } = await askPods(pods, (pod) => server.sessionsOf(pod));
  const sessions = pods.flatMap(({ metadata: { name: pod } }) =>
    (byPod.get(pod) ?? []).map((session) => ({ pod, ...session })),
  );
  await printResult(output, sessions, () => sessionTable(sessions, Date.now()));
  return isComplete ? EXIT_OK : EXIT_FAILED;
}

const HEADER = ["ID", "USER", "CLIENT", "TLS", "AGE", "STATE", "PATH", "MOVED", "RATE"];

/**
 * Returns sessions as a table. For sessions in pods, the first column contains the pod name.
 * @param now current time in milliseconds since the epoch
 */
export function sessionTable(sessions: readonly (SessionView & { pod?: string })[], now: number): string {
  const pods = sessions.some(({ pod }) => pod !== undefined);
  const rows = sessions.map((session) => [...(pods ? [session.pod ?? ""] : []), ...cellsOf(session, now)]);
  return formatTable(pods ? ["POD", ...HEADER] : HEADER, rows);
}

function cellsOf(
  { id, user = "", client, secured, since, state, directory = "", transfer }: SessionView,
  now: number,
): string[] {
  const common = [
    String(id),
    user,
    client,
    secured ? "yes" : "no",
    formatAge((now - Date.parse(since)) / 1000),
  ];
  if (transfer === undefined) return [...common, state, directory, "", ""];
  const { direction, path, bytes, seconds } = transfer;
  const rate = seconds > 0 ? `${formatBytes(Math.round(bytes / seconds))}/s` : "";
  return [...common, direction, path, formatBytes(bytes), rate];
}
