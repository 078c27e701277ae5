import { isIP } from "node:net";
import type { FtpServer, FtpServerStatusPassivePorts } from "../../api/ftpserver.generated.ts";
import type { SessionView } from "../../engine/admin/client.ts";
import { formatRange } from "../../plan/model/port-ranges.ts";
import { type Pod, isReady, isTerminating } from "../../plan/model/objects.ts";
import { formatAge } from "../../common/units.ts";
import { formatTable } from "../table.ts";
import { askPods } from "../cluster/ask-pods.ts";
import type { ServerView } from "../cluster/ftp-server-client.ts";
import { paint } from "../paint.ts";

/** Prints what an FtpServer is and how it does. @returns the exit code: 0 Ready, 1 not Ready */
export async function showStatus(server: ServerView): Promise<number> {
  const { object } = server;
  const pods = await server.pods();
  const { byPod } = await askPods(pods, (pod) => server.sessionsOf(pod));
  const now = Date.now();
  process.stdout.write(
    [summary(object), slots(object, pods, byPod, now), conditions(object, now)].join("\n"),
  );
  return isServerReady(object) ? 0 : 1;
}

function isServerReady({ status }: FtpServer): boolean {
  return status?.conditions?.find(({ type }) => type === "Ready")?.status === "True";
}

function summary(object: FtpServer): string {
  const { metadata, spec, status } = object;
  const ready = isServerReady(object) ? paint("green", "Ready") : paint("red", "not Ready");
  const addresses = (status?.addresses ?? []).map(({ value }) => value);
  // The announced address is the first one, and never of IPv6.
  const announced = addresses.find((address) => isIP(address) !== 6) ?? "no address";
  const lines = [
    ["FtpServer", `${metadata.namespace}/${metadata.name}, ${ready}`],
    ["Endpoint", status?.endpoint ?? "none yet"],
    ["Addresses", addresses.join(", ") || "none yet"],
    ["PASV", `${announced}, ports ${portsText(status?.passivePorts) || "none yet"}`],
    ["TLS", spec.tls.mode],
    ["Replicas", `${status?.readyReplicas ?? 0} of ${spec.replicas} ready`],
  ];
  return `${lines.map(([name, value]) => `${name?.padEnd(10)} ${value}`).join("\n")}\n`;
}

function slots(
  { metadata, status }: FtpServer,
  pods: readonly Pod[],
  sessions: ReadonlyMap<string, readonly SessionView[]>,
  now: number,
): string {
  const rows = (status?.slots ?? []).map(({ name, passivePorts, state }) => {
    const ports = portsText(passivePorts);
    const pod = pods.find(({ metadata: { name: pod } }) => pod === `${metadata.name}-${name}-0`);
    if (pod === undefined) return [name, ports, state, "", "", "", "", ""];
    const age = (now - Date.parse(pod.metadata.creationTimestamp ?? "")) / 1000;
    return [
      name,
      ports,
      state,
      pod.metadata.name,
      isTerminating(pod) ? "ending" : isReady(pod) ? "yes" : "no",
      pod.spec.nodeName ?? "",
      formatAge(age),
      sessions.get(pod.metadata.name)?.length.toString() ?? "?",
    ];
  });
  return formatTable(["SLOT", "PORTS", "STATE", "POD", "READY", "NODE", "AGE", "SESSIONS"], rows);
}

function portsText(range: FtpServerStatusPassivePorts | undefined): string {
  return range === undefined ? "" : formatRange(range);
}

function conditions({ status }: FtpServer, now: number): string {
  const rows = (status?.conditions ?? []).map(
    ({ type, status: state, reason, lastTransitionTime, message }) => [
      type,
      state,
      reason,
      formatAge((now - Date.parse(lastTransitionTime)) / 1000),
      message,
    ],
  );
  return formatTable(["CONDITION", "STATUS", "REASON", "AGE", "MESSAGE"], rows);
}
