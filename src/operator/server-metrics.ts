import { Gauge, type Registry } from "@prometheus-io/client";
import type { FtpServer } from "../api/ftpserver.generated.ts";
import type { ObjectKey } from "../api/kubernetes.ts";
import type { Informer } from "../kube/informer.ts";
import { keyOf } from "../kube/store.ts";

/** Conditions that tell of trouble, by the statuses that do. */
const TROUBLE: Readonly<Record<string, readonly string[]>> = {
  Ready: ["False", "Unknown"],
  PassiveReachable: ["False"],
};

type Labels = Record<"namespace" | "name" | "condition" | "reason", string>;

/**
 * Metrics about the FtpServers themselves. Only servers in trouble get a series of their own, and each change is noted when it
 * comes, so that a scrape of thousands of healthy ones costs nothing.
 * @param servers tells of every FtpServer that comes, changes or goes
 */
export function registerServerMetrics(
  registry: Registry,
  servers: Pick<Informer<FtpServer>, "addEventHandler">,
): void {
  const known = new Map<ObjectKey, readonly Labels[]>();
  servers.addEventHandler(({ type, object }) => {
    if (type === "Deleted") known.delete(keyOf(object));
    else known.set(keyOf(object), troublesOf(object));
  });
  const registers = [registry];
  const total: Gauge = new Gauge({
    name: "ftp_operator_ftpservers",
    help: "FtpServers that the operator sees.",
    registers,
    collect: () => total.set(known.size),
  });
  const trouble: Gauge<keyof Labels> = new Gauge({
    name: "ftp_operator_ftpserver_trouble",
    help: "1 for each FtpServer that is not Ready, or that a client cannot reach, by condition and reason.",
    labelNames: ["namespace", "name", "condition", "reason"],
    registers,
    collect(): void {
      trouble.reset();
      for (const troubles of known.values()) for (const labels of troubles) trouble.set(labels, 1);
    },
  });
}

const NONE: readonly Labels[] = [];

function troublesOf({ metadata, status }: FtpServer): readonly Labels[] {
  const { namespace = "", name } = metadata;
  const found = (status?.conditions ?? []).filter(({ type, status: state }) =>
    TROUBLE[type]?.includes(state),
  );
  return found.length === 0
    ? NONE
    : found.map(({ type, reason }) => ({ namespace, name, condition: type, reason }));
}
