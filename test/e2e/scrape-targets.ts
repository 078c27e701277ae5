/**
 * Writes a file with scrape targets: the pods that the PodMonitor of the chart selects. The Debian build of Prometheus
 * has no Kubernetes service discovery.
 */
import { rename, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { KubeObject } from "../../src/api/kubernetes.ts";
import type { TestNamespace } from "./test-namespace.ts";

const PERIOD_MILLISECONDS = 1000;
const METRICS_PORT = 8080;

type Pod = KubeObject & { status?: { podIP?: string } };

export class ScrapeTargets {
  readonly file: string;
  readonly #namespace: TestNamespace;
  readonly #ending = new AbortController();
  readonly #running: Promise<void>;

  constructor(namespace: TestNamespace, file: string) {
    this.file = file;
    this.#namespace = namespace;
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#ending.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#ending;
    while (!signal.aborted) {
      await this.#write().catch((error: unknown) => console.error(`no targets to scrape: ${String(error)}`));
      await sleep(PERIOD_MILLISECONDS, undefined, { signal }).catch(() => {});
    }
  }

  async #write(): Promise<void> {
    const pods = await this.#namespace.list<Pod>("pods", "-l", "app.kubernetes.io/name=ftp-server");
    const groups = pods.flatMap(({ metadata: { name, namespace, labels }, status }) => {
      if (status?.podIP === undefined) return [];
      const ftpserver = labels?.["app.kubernetes.io/instance"];
      return [{ targets: [`${status.podIP}:${METRICS_PORT}`], labels: { namespace, pod: name, ftpserver } }];
    });
    // The file is renamed into place, because Prometheus would read an incomplete file.
    await writeFile(`${this.file}.new`, JSON.stringify(groups));
    await rename(`${this.file}.new`, this.file);
  }
}
