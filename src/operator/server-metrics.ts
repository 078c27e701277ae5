import { Gauge, type Registry } from "@prometheus-io/client";
import type { FtpServer } from "../api/ftpserver.generated.ts";

/** Conditions that tell of trouble, by the statuses that do. */
const TROUBLE: Readonly<Record<string, readonly string[]>> = {
  Ready: ["False", "Unknown"],
  PassiveReachable: ["False"],
};

/**
 * Metrics about the FtpServers themselves, read from the cache when somebody scrapes. Only servers in trouble get a series of their
 * own, so that thousands of healthy ones cost nothing.
 * @param servers every FtpServer, as last seen
 */
export function registerServerMetrics(registry: Registry, servers: () => readonly FtpServer[]): void {
  const registers = [registry];
  const total: Gauge = new Gauge({
    name: "ftp_operator_ftpservers",
    help: "FtpServers that the operator sees.",
    registers,
    collect: () => total.set(servers().length),
  });
  const trouble: Gauge<"namespace" | "name" | "condition" | "reason"> = new Gauge({
    name: "ftp_operator_ftpserver_trouble",
    help: "1 for each FtpServer that is not Ready, or that a client cannot reach, by condition and reason.",
    labelNames: ["namespace", "name", "condition", "reason"],
    registers,
    collect(): void {
      trouble.reset();
      for (const server of servers()) for (const labels of troublesOf(server)) trouble.set(labels, 1);
    },
  });
}

function troublesOf({ metadata, status }: FtpServer) {
  const { namespace = "", name } = metadata;
  return (status?.conditions ?? [])
    .filter(({ type, status: state }) => TROUBLE[type]?.includes(state))
    .map(({ type, reason }) => ({ namespace, name, condition: type, reason }));
}
