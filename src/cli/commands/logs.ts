import { formatSelector, selectorLabels } from "../../api/names.ts";
import { ENGINE_CONTAINER } from "../../plan/desired/engine-pod.ts";
import type { ServerView } from "../cluster/ftp-server-client.ts";

/** kubectl refuses to follow more pods than it was told of. */
const MAX_PODS = 30;

/** Shows the logs of all pods of a server, each line with its pod. @returns kubectl's exit code */
export async function showLogs(
  { kubectl, name }: ServerView,
  { follow, since }: { follow?: true; since?: string },
): Promise<number> {
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
