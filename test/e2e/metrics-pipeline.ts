/**
 * Provides engine metrics to an autoscaler. Prometheus scrapes the pods in a namespace, and prometheus-adapter serves
 * the values as custom metrics. Prometheus and the adapter run on the node of the API server, which connects to the
 * adapter through a Service.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Cluster } from "../cluster/full.ts";
import { programFile } from "../cluster/programs.ts";
import { endWithUs } from "../cluster/run.ts";
import { ScrapeTargets } from "./scrape-targets.ts";
import { eventually, type TestNamespace } from "./test-namespace.ts";

export const PROMETHEUS = "/usr/bin/prometheus";
const HOST = "n1";
const PROMETHEUS_ADDRESS = "127.0.0.1:9090";
const ADAPTER_PORT = 7443;
const ADAPTER = "prometheus-adapter";
const API = "custom.metrics.k8s.io";
const VERSION = "v1beta1";
const API_SERVICE = `${VERSION}.${API}`;
const ANSWER_TIMEOUT_MILLISECONDS = 30_000;

/** Removes the APIService. Kubernetes cannot delete a namespace while a registered API does not respond. */
export async function removeCustomMetrics(cluster: Cluster): Promise<void> {
  await cluster.kubectl(["delete", "apiservice", API_SERVICE, "--ignore-not-found"]);
}

/**
 * Starts Prometheus and the adapter. Waits until the API responds. Disposal of the result ends the two processes.
 * @param directory folder for their configuration; the logs are in the cluster folder
 * @param adapterConfiguration content of the file for `--config` of prometheus-adapter
 */
export async function startMetricsPipeline(
  namespace: TestNamespace,
  directory: string,
  adapterConfiguration: string,
): Promise<AsyncDisposable> {
  const { kubeconfig } = namespace.cluster;
  const prometheusFile = join(directory, "prometheus.json");
  const adapterFile = join(directory, "adapter.yaml");
  const targets = new ScrapeTargets(namespace, join(directory, "targets.json"));
  await writeFile(prometheusFile, JSON.stringify(scrapeConfig(targets)));
  await writeFile(adapterFile, adapterConfiguration);
  const prometheus = start(namespace, "prometheus", [
    PROMETHEUS,
    `--config.file=${prometheusFile}`,
    `--storage.tsdb.path=${join(directory, "data")}`,
    `--web.listen-address=${PROMETHEUS_ADDRESS}`,
  ]);
  const adapter = start(namespace, ADAPTER, [
    programFile("prometheus-adapter", "adapter"),
    `--config=${adapterFile}`,
    `--prometheus-url=http://${PROMETHEUS_ADDRESS}`,
    `--secure-port=${ADAPTER_PORT}`,
    `--cert-dir=${join(directory, "certificates")}`,
    ...["lister", "authentication", "authorization"].map((who) => `--${who}-kubeconfig=${kubeconfig}`),
    "--metrics-relist-interval=2s",
  ]);
  const pipeline = {
    [Symbol.asyncDispose]: async () => {
      await removeCustomMetrics(namespace.cluster);
      await targets.stop();
      for (const program of [adapter, prometheus]) await end(program);
    },
  };
  try {
    await namespace.apply(...customMetricsApi(namespace));
    await eventually(
      `${API} responds (log: ${logFile(namespace, ADAPTER)})`,
      () => namespace.kubectl(["get", "--raw", `/apis/${API}/${VERSION}`]),
      ANSWER_TIMEOUT_MILLISECONDS,
    );
    return pipeline;
  } catch (error) {
    await pipeline[Symbol.asyncDispose]();
    throw error;
  }
}

const logFile = ({ cluster }: TestNamespace, name: string): string =>
  join(cluster.folder, "logs", `${name}.log`);

function start(namespace: TestNamespace, name: string, argv: readonly string[]): ChildProcess {
  const [command = "", ...args] = namespace.cluster.command(HOST, argv);
  const log = openSync(logFile(namespace, name), "w");
  const program = spawn(command, args, { stdio: ["ignore", log, log] });
  closeSync(log);
  endWithUs(program);
  return program;
}

async function end(program: ChildProcess): Promise<void> {
  if (program.exitCode !== null || program.signalCode !== null) return;
  const ended = once(program, "close");
  // After SIGTERM, the adapter would wait until the API server closes its connections.
  program.kill("SIGKILL");
  await ended;
}

function scrapeConfig({ file }: ScrapeTargets): object {
  const files = { files: [file], refresh_interval: "1s" };
  return {
    global: { scrape_interval: "1s" },
    scrape_configs: [{ job_name: "ftp-servers", file_sd_configs: [files] }],
  };
}

function customMetricsApi({ cluster, name }: TestNamespace): object[] {
  return [
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: ADAPTER },
      spec: { ports: [{ name: "https", port: 443, targetPort: ADAPTER_PORT }] },
    },
    {
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: { name: ADAPTER, labels: { "kubernetes.io/service-name": ADAPTER } },
      addressType: "IPv4",
      endpoints: [{ addresses: [cluster.hosts[HOST]] }],
      ports: [{ name: "https", port: ADAPTER_PORT }],
    },
    {
      apiVersion: "apiregistration.k8s.io/v1",
      kind: "APIService",
      metadata: { name: API_SERVICE },
      spec: {
        service: { name: ADAPTER, namespace: name },
        group: API,
        version: VERSION,
        groupPriorityMinimum: 100,
        versionPriority: 100,
        // The adapter creates its own certificate.
        insecureSkipTLSVerify: true,
      },
    },
  ];
}
