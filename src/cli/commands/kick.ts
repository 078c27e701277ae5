/** `kick` of both programs. */
import { Command, Option } from "commander";
import { CommandError, EXIT_FAILED, EXIT_OK } from "../../common/command-error.ts";
import type { Selection } from "../../engine/admin/client.ts";
import { askEngine, socketOption } from "../admin-socket.ts";
import { integer } from "../options.ts";
import { askPods } from "../cluster/ask-pods.ts";
import { type FtpServerClient, ftpServerCommand, podNamed } from "../cluster/ftp-server-client.ts";
import { counted, type OutputFormat, outputOption, printResult } from "../output.ts";

interface Options {
  id?: number;
  user?: string;
  output: OutputFormat;
}

/** `ftp-operator kick`. */
export function kickCommand(): Command {
  return new Command("kick")
    .description("end sessions with reply 421 in the engine on this machine or in this container")
    .addOption(socketOption())
    .addOption(idOption("end the session with this ID"))
    .addOption(userOption())
    .addOption(outputOption())
    .addHelpText(
      "after",
      "\nExit codes: 0 a session ended, 1 no session matched, 2 usage error or no engine responds.",
    )
    .action(async ({ socket, id, user, output }: Options & { socket: string }) => {
      const selection: Selection | undefined =
        id === undefined ? (user === undefined ? undefined : { user }) : { id };
      if (selection === undefined)
        throw new CommandError("no session selected", { hint: "add --id ID or --user NAME" });
      const { endSessions } = await import("../../engine/admin/client.ts");
      const ended = await askEngine(socket, (path) => endSessions(path, selection));
      await printResult(output, { ended }, () => endedText(ended));
      process.exitCode = ended > 0 ? EXIT_OK : EXIT_FAILED;
    });
}

/** `kubectl ftpsrv kick NAME`. */
export function kickServerCommand(): Command {
  return ftpServerCommand("kick", "end sessions with reply 421", kickInPods)
    .addOption(userOption())
    .addOption(new Option("--pod <NAME>", "end a session in pod NAME; requires --id").conflicts("user"))
    .addOption(idOption("end the session with this ID; requires --pod"))
    .addOption(outputOption());
}

function idOption(description: string): Option {
  return new Option("--id <ID>", description).argParser(integer(Number.MAX_SAFE_INTEGER)).conflicts("user");
}

function userOption(): Option {
  return new Option("--user <NAME>", "end all sessions of user NAME");
}

/**
 * Ends all sessions of a user, or one session in a pod. The engine in each pod selects the sessions to end. Otherwise,
 * the command could end the wrong session after a concurrent change.
 * @returns the exit code: 0 if a session ended and all pods responded, 1 otherwise
 * @throws CommandError if no session is selected or the pod does not exist
 */
async function kickInPods(
  server: FtpServerClient,
  { user, pod, id, output }: Options & { pod?: string },
): Promise<number> {
  const selection: Selection | undefined = user
    ? { user }
    : pod !== undefined && id !== undefined
      ? { id }
      : undefined;
  if (selection === undefined)
    throw new CommandError("no session selected", {
      hint: "add --user NAME, or --pod POD --id ID from the output of `kubectl ftpsrv sessions`",
    });
  const pods = await server.pods();
  const chosen = "user" in selection || pod === undefined ? pods : [podNamed(pods, pod)];
  const { byPod, isComplete } = await askPods(chosen, (name) => server.endSessions(name, selection));
  const endedByPod = chosen.flatMap(({ metadata: { name } }) => {
    const count = byPod.get(name);
    return count === undefined ? [] : [{ pod: name, ended: count }];
  });
  const ended = endedByPod.reduce((sum, { ended: count }) => sum + count, 0);
  await printResult(output, { ended, pods: endedByPod }, () => endedText(ended));
  return isComplete && ended > 0 ? EXIT_OK : EXIT_FAILED;
}

function endedText(count: number): string {
  return `${counted(count, "session")} ended\n`;
}
