import { Gauge, type Registry } from "@prometheus-io/client";
import type { FtpServer } from "../api/ftpserver.generated.ts";
import type { Condition, ObjectKey } from "../api/kubernetes.ts";
import type { Informer } from "../kube/informer.ts";
import { keyOf } from "../kube/store.ts";

const NAME = "ftp_operator_ftpserver_status_condition";
const HELP = `Status conditions Ready and PassiveReachable of FtpServers: 1 for the current status, 0 for the other two statuses. Each FtpServer has at most 6 series.`;

/** Exported conditions. Additional conditions would multiply the number of metric series. */
const CONDITIONS: ReadonlySet<string> = new Set(["Ready", "PassiveReachable"]);

/** Label values, equal to those of the `kube_*_status_condition` metrics in kube-state-metrics. */
const STATUSES: readonly [label: string, status: Condition["status"]][] = [
  ["true", "True"],
  ["false", "False"],
  ["unknown", "Unknown"],
];

type ConditionStatus = Pick<Condition, "type" | "status">;

/** Operator metrics, including the metrics of FtpServers, in the Prometheus text format. */
export class ServerMetrics implements Pick<Registry, "contentType" | "metrics"> {
  readonly #registry: Registry;
  readonly #servers = new Map<ObjectKey, { labels: string; conditions: readonly ConditionStatus[] }>();

  /**
   * @param registry all other operator metrics
   * @param servers informer for FtpServers
   */
  constructor(registry: Registry, servers: Pick<Informer<FtpServer>, "addEventHandler">) {
    this.#registry = registry;
    servers.addEventHandler(({ type, object }) => {
      const { namespace = "", name } = object.metadata;
      if (type === "Deleted") this.#servers.delete(keyOf(object));
      else
        this.#servers.set(keyOf(object), {
          labels: `namespace="${namespace}",name="${name}"`,
          conditions: exportedConditions(object),
        });
    });
    const total: Gauge = new Gauge({
      name: "ftp_operator_ftpservers",
      help: "Number of FtpServers in the watched namespaces.",
      registers: [registry],
      collect: () => total.set(this.#servers.size),
    });
  }

  get contentType(): Registry["contentType"] {
    return this.#registry.contentType;
  }

  async metrics(): Promise<string> {
    return `${await this.#registry.metrics()}${this.#statusConditions()}`;
  }

  /**
   * Formats the series without a `Gauge`. For 5,000 FtpServers, a `Gauge` requires 106 ms and 40 MB. This function
   * requires 6 ms for 5,000 FtpServers and stores no data.
   */
  #statusConditions(): string {
    let text = `# HELP ${NAME} ${HELP}\n# TYPE ${NAME} gauge\n`;
    for (const { labels, conditions } of this.#servers.values())
      for (const { type, status: current } of conditions)
        for (const [label, status] of STATUSES)
          text += `${NAME}{${labels},condition="${type}",status="${label}"} ${status === current ? 1 : 0}\n`;
    return text;
  }
}

function exportedConditions({ status }: FtpServer): readonly ConditionStatus[] {
  const exported = status?.conditions?.filter(({ type }) => CONDITIONS.has(type)) ?? [];
  return exported.map(({ type, status }) => ({ type, status }));
}
