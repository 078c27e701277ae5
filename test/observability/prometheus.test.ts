/** Runs the dashboard queries on a Prometheus server that scrapes an operator and an engine. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { Client } from "basic-ftp";
import { waitUntil } from "../cluster/wait.ts";
import { type ControlPlane, startControlPlane } from "../cluster/control-plane.ts";
import { freePorts } from "../cluster/free-ports.ts";
import { makeTemporaryFolder } from "../cluster/temporary.ts";
import { EngineProcess } from "../support/engine/engine-process.ts";
import { makeCertificate } from "../support/engine/certificates.ts";
import { EventReceiver } from "../support/notifications/event-receiver.ts";
import { notificationsTo } from "../support/notifications/notified-engine.ts";
import { eventually, installCrd, type RunningOperator, startOperator } from "../support/operator/running.ts";
import { testConfig } from "../support/engine/server.ts";
import { queries } from "./rules.ts";

const PROGRAM = "/usr/bin/prometheus";
/** Maximum number of start attempts. Each attempt uses another port. */
const TRIES = 3;
const skip = !existsSync(PROGRAM) && "Prometheus is not installed";

const SERVER = {
  apiVersion: "ftp-operator.io/v1alpha1",
  kind: "FtpServer",
  metadata: { name: "lacking", namespace: "default" },
  spec: { users: [{ name: "alice", passwordSecretRef: { name: "nowhere" } }] },
};

describe("the dashboard in a real Prometheus", { skip }, () => {
  let plane: ControlPlane;
  let operator: RunningOperator;
  let engine: EngineProcess;
  let receiver: EventReceiver;
  let prometheus: ChildProcess;
  let port: number;

  before(async () => {
    const folder = await makeTemporaryFolder();
    receiver = await EventReceiver.start();
    [plane, engine] = await Promise.all([startControlPlane(), startEngine(folder, receiver)]);
    await installCrd(plane);
    const [operatorPort = 0] = await freePorts(1);
    operator = startOperator(plane, { metricsPort: operatorPort });
    await plane.kubectl(["apply", "-f", "-"], JSON.stringify(SERVER));
    const config = scrapeConfig({ operator: operatorPort, engine: engine.config.metricsPort });
    [prometheus, port] = await startPrometheus(folder, config);
  });

  after(async () => {
    prometheus?.kill();
    engine?.kill();
    await receiver?.stop();
    await operator?.stop();
    await plane?.stop();
  });

  /**
   * Substitutes the dashboard variables in a query and returns its samples.
   * @throws Error when Prometheus rejects the query
   */
  const ask = async (expr: string): Promise<unknown[]> => {
    const query = expr.replace(/\$(?:namespace|pod)/g, ".*").replaceAll("$__rate_interval", "30s");
    const address = new URL(`http://127.0.0.1:${port}/api/v1/query`);
    address.searchParams.set("query", query);
    const answer: { status: string; error?: string; data: { result: unknown[] } } = JSON.parse(
      await (await fetch(address)).text(),
    );
    const { status, error, data } = answer;
    assert.equal(status, "success", `${query}: ${error}`);
    return data.result;
  };

  it("all queries of all panels return data", async () => {
    await eventually("the engine is scraped", async () => assert.ok((await ask("ftp_sessions")).length > 0));
    await work(engine);
    for (const { title, expr } of queries()) {
      await eventually(`${title}: ${expr}`, async () => assert.ok((await ask(expr)).length > 0));
    }
  });

  it("an FtpServer without its Secret has a failing condition", async () => {
    const [found] = await ask(
      'ftp_operator_ftpserver_status_condition{namespace="default",name="lacking",condition="Ready",status="false"} == 1',
    );
    assert.ok(found, "under its own namespace, not the operator's");
  });
});

/** Starts Prometheus. Another program can bind a free port before Prometheus does, so the start is retried. */
async function startPrometheus(
  folder: string,
  config: object,
  tries = TRIES,
): Promise<[program: ChildProcess, port: number]> {
  const [port = 0] = await freePorts(1);
  const file = join(folder, "prometheus.json");
  await writeFile(file, JSON.stringify(config));
  const program = spawn(
    PROGRAM,
    [
      `--config.file=${file}`,
      `--storage.tsdb.path=${join(folder, `data-${port}`)}`,
      `--web.listen-address=127.0.0.1:${port}`,
      "--log.level=error",
    ],
    { stdio: ["ignore", "inherit", "inherit"] },
  );
  try {
    await eventually("Prometheus is ready", async () => {
      if (program.exitCode !== null) return;
      assert.equal((await fetch(`http://127.0.0.1:${port}/-/ready`)).status, 200);
    });
    if (program.exitCode === null) return [program, port];
  } catch (error) {
    if (tries <= 1) throw error;
  }
  program.kill();
  if (tries <= 1) throw new Error(`Prometheus ended with exit code ${program.exitCode}`);
  return await startPrometheus(folder, config, tries - 1);
}

async function startEngine(folder: string, receiver: EventReceiver): Promise<EngineProcess> {
  const { certificateFile, keyFile } = await makeCertificate({ commonName: "localhost" });
  const { limits } = testConfig();
  return await EngineProcess.start(folder, {
    notifications: notificationsTo(receiver.url, folder),
    tls: {
      mode: "Optional",
      certificateFile,
      keyFile,
      minimumVersion: "TLS12",
      dataProtection: "Optional",
      clearControl: "Deny",
      sessionReuse: "Preferred",
      serverNames: [],
      clientCertificates: { mode: "Disabled" },
    },
    limits: {
      ...limits,
      sessionsPerClient: 2,
      failedLogins: { ...limits.failedLogins, delaySeconds: 0, attempts: 1, banSeconds: 1 },
    },
  });
}

/** Uses the engine in such a way that every engine metric changes. */
async function work({ config: { controlPort: port } }: EngineProcess): Promise<void> {
  const host = "127.0.0.1";
  const secureOptions = { rejectUnauthorized: false };
  const client = new Client();
  await client.access({ host, port, user: "alice", password: "secret", secure: true, secureOptions });
  await client.uploadFrom(import.meta.filename, "file");
  await client.list();
  const second = connect(port, host);
  const refused = connect(port, host);
  await new Promise((resolve) => refused.once("data", resolve));
  refused.destroy();
  let replies = "";
  second.setEncoding("utf8").on("data", (text: string) => (replies += text));
  second.write("AUTH TLS\r\n");
  await waitUntil("the server accepts AUTH TLS", 60_000, () => assert.match(replies, /^234 /m));
  // Sends data that is not a valid TLS handshake.
  second.end("no TLS at all\r\n\r\n");
  await new Promise((resolve) => second.once("close", resolve));
  await assert.rejects(new Client().access({ host, port, user: "nobody", password: "wrong" }));
  client.close();
}

function scrapeConfig(ports: Readonly<Record<"operator" | "engine", number>>): object {
  const job = (name: keyof typeof ports, labels: object): object => ({
    job_name: name,
    static_configs: [{ targets: [`127.0.0.1:${ports[name]}`], labels }],
  });
  return {
    global: { scrape_interval: "1s" },
    scrape_configs: [
      { ...job("operator", { namespace: "ftp-system", pod: "operator" }), honor_labels: true },
      job("engine", { namespace: "default", pod: "demo-a-0" }),
    ],
  };
}
