import type { Command } from "commander";
import { formatSelector, selectorLabels } from "../../api/names.ts";
import { ENGINE_CONTAINER } from "../../api/names.ts";
import { type FtpServerClient, ftpServerCommand } from "../cluster/ftp-server-client.ts";

/**
 * Maximum number of pods that kubectl follows at the same time. The kubectl default of 5 pods is too low. An FtpServer
 * has at most 26 pods.
 */
const MAX_PODS = 30;

interface Options {
  follow?: true;
  since?: string;
}

export function logsCommand(): Command {
  return ftpServerCommand("logs", "print the logs of all pods, including the transfer log", showLogs)
    .option("-f, --follow", "print new lines until interrupted")
    .option("--since <DURATION>", "print lines from the last DURATION, for example 10m");
}

/** Prints the logs of all pods, with the pod name in each line. @returns the exit code of kubectl */
async function showLogs({ kubectl, name }: FtpServerClient, { follow, since }: Options): Promise<number> {
  return await kubectl.attach([
    "logs",
    "--selector",
    formatSelector(selectorLabels(name)),
    "--container",
    ENGINE_CONTAINER,
    "--prefix",
    "--tail=-1",
    `--max-log-requests=${MAX_PODS}`,
    ...(follow === undefined ? [] : ["--follow"]),
    ...(since === undefined ? [] : [`--since=${since}`]),
  ]);
}
