import { isIP } from "node:net";
import type { Command } from "commander";
import type { FtpServer, FtpServerStatusPassivePorts } from "../../api/ftpserver.generated.ts";
import type { Condition } from "../../api/kubernetes.ts";
import { EXIT_FAILED, EXIT_OK } from "../../common/command-error.ts";
import { formatAge } from "../../common/text.ts";
import type { SessionView } from "../../engine/admin/client.ts";
import { isReady, isTerminating, type Pod } from "../../plan/model/objects.ts";
import { formatRange } from "../../plan/model/port-ranges.ts";
import { askPods } from "../cluster/ask-pods.ts";
import { type FtpServerClient, ftpServerCommand } from "../cluster/ftp-server-client.ts";
import { colored, formatTable, type OutputFormat, outputOption, printResult } from "../output.ts";

interface Options {
  output: OutputFormat;
}

export function statusCommand(): Command {
  return ftpServerCommand(
    "status",
    "print addresses, slots with their pods and sessions, and conditions",
    showStatus,
  ).addOption(outputOption());
}

/** A slot with the pod that owns its ports. */
interface SlotView {
  name: string;
  state: string;
  passivePorts?: FtpServerStatusPassivePorts;
  pod?: PodView;
}

interface PodView {
  name: string;
  ready: boolean;
  terminating: boolean;
  node?: string;
  ageSeconds: number;
  /** The value is absent when the pod did not respond. */
  sessions?: number;
}

/** The complete result of the command for JSON and YAML output. */
interface StatusView {
  name: string;
  namespace: string | undefined;
  ready: boolean;
  endpoint: string | undefined;
  addresses: string[];
  passivePorts: FtpServerStatusPassivePorts | undefined;
  tls: string;
  replicas: number;
  readyReplicas: number;
  slots: SlotView[];
  conditions: Condition[];
}

/** @returns the exit code: 0 if the FtpServer is Ready, 1 otherwise */
async function showStatus(server: FtpServerClient, { output }: Options): Promise<number> {
  const pods = await server.pods();
  const { byPod } = await askPods(pods, (pod) => server.sessionsOf(pod));
  const now = Date.now();
  const view = viewOf(server.object, slotsOf(server.object, pods, byPod, now));
  await printResult(output, view, () =>
    [summaryText(view), slotTable(view), conditionTable(view, now)].join("\n"),
  );
  return view.ready ? EXIT_OK : EXIT_FAILED;
}

function viewOf({ metadata, spec, status }: FtpServer, slots: SlotView[]): StatusView {
  const conditions = status?.conditions ?? [];
  return {
    name: metadata.name,
    namespace: metadata.namespace,
    ready: conditions.some(({ type, status: state }) => type === "Ready" && state === "True"),
    endpoint: status?.endpoint,
    addresses: (status?.addresses ?? []).map(({ value }) => value),
    passivePorts: status?.passivePorts,
    tls: spec.tls.mode,
    replicas: spec.replicas,
    readyReplicas: status?.readyReplicas ?? 0,
    slots,
    conditions,
  };
}

function slotsOf(
  { metadata, status }: FtpServer,
  pods: readonly Pod[],
  sessions: ReadonlyMap<string, readonly SessionView[]>,
  now: number,
): SlotView[] {
  return (status?.slots ?? []).map(({ name, passivePorts, state }) => {
    const pod = pods.find((other) => other.metadata.name === `${metadata.name}-${name}-0`);
    const count = sessions.get(pod?.metadata.name ?? "")?.length;
    return {
      name,
      state,
      ...(passivePorts && { passivePorts }),
      ...(pod && { pod: podView(pod, count, now) }),
    };
  });
}

function podView(pod: Pod, sessions: number | undefined, now: number): PodView {
  const { metadata, spec } = pod;
  return {
    name: metadata.name,
    ready: isReady(pod),
    terminating: isTerminating(pod),
    ...(spec.nodeName !== undefined && { node: spec.nodeName }),
    ageSeconds: Math.floor((now - Date.parse(metadata.creationTimestamp ?? "")) / 1000),
    ...(sessions !== undefined && { sessions }),
  };
}

function summaryText(view: StatusView): string {
  const { name, namespace, addresses, passivePorts } = view;
  const ready = view.ready ? colored("green", "Ready") : colored("red", "not Ready");
  // PASV announces the first address that is not IPv6.
  const announced = addresses.find((address) => isIP(address) !== 6) ?? "no address";
  const lines = [
    ["FtpServer", `${namespace}/${name}, ${ready}`],
    ["Endpoint", view.endpoint ?? "none yet"],
    ["Addresses", addresses.join(", ") || "none yet"],
    ["PASV", `${announced}, ports ${rangeText(passivePorts) || "none yet"}`],
    ["TLS", view.tls],
    ["Replicas", `${view.readyReplicas} of ${view.replicas} ready`],
  ];
  return `${lines.map(([label, value]) => `${label?.padEnd(10)} ${value}`).join("\n")}\n`;
}

function slotTable({ slots }: StatusView): string {
  const rows = slots.map(({ name, passivePorts, state, pod }) => {
    const cells = [name, rangeText(passivePorts), state];
    if (pod === undefined) return [...cells, "", "", "", "", ""];
    const ready = pod.terminating ? "terminating" : pod.ready ? "yes" : "no";
    const sessions = pod.sessions?.toString() ?? "?";
    return [...cells, pod.name, ready, pod.node ?? "", formatAge(pod.ageSeconds), sessions];
  });
  return formatTable(["SLOT", "PORTS", "STATE", "POD", "READY", "NODE", "AGE", "SESSIONS"], rows);
}

function rangeText(range: FtpServerStatusPassivePorts | undefined): string {
  return range === undefined ? "" : formatRange(range);
}

function conditionTable({ conditions }: StatusView, now: number): string {
  const rows = conditions.map(({ type, status, reason, lastTransitionTime, message }) => [
    type,
    status,
    reason,
    formatAge((now - Date.parse(lastTransitionTime)) / 1000),
    message,
  ]);
  return formatTable(["CONDITION", "STATUS", "REASON", "AGE", "MESSAGE"], rows);
}
