/** Demonstrates the operator step by step. The demo verifies every result before it prints the result. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { finish } from "../../test/cluster/run.ts";
import { ControlSession } from "../../test/support/clients/control-session.ts";
import { type Example, getFtpServer, getImages, getService, readExample } from "./objects.ts";
import { check, type Report, seconds, type Steps } from "./steps.ts";
import { copyFolder, differences, downloadConfig, randomFile, readTree, uploadConfig } from "./tree.ts";
import type { World } from "./world.ts";

const ROOT = join(import.meta.dirname, "../..");
const CHART = join(ROOT, "charts/ftp-operator");
const EXAMPLE = join(ROOT, "examples/basic.yaml");
const OPERATOR_NAMESPACE = "ftp-system";
const RELEASE = "ftp-operator";

const READY_TIMEOUT_MS = 120_000;
const READY_POLL_MS = 400;
/** Maximum time in milliseconds until the engine announces a changed address in open sessions. */
const ADDRESS_CHANGE_LIMIT_MS = 2000;
const ADDRESS_POLL_MS = 20;
const BIG_FILE_BYTES = 100 * 1024 * 1024;
/** An address from a documentation block (RFC 5737). No host uses this address. */
const OTHER_ADDRESS = "203.0.113.7";

/**
 * Options of curl. curl transfers files concurrently, like a graphical client that uploads a folder. Without the
 * progress meter, standard error contains only errors.
 */
const CURL_OPTIONS = `
silent
show-error
no-progress-meter
fail-early
connect-timeout = 10
parallel
parallel-max = 4
`;

/** Address and credentials that a client requires. */
interface Server {
  host: string;
  port: number;
  range: { first: number; last: number };
  user: string;
  password: string;
}

export interface Shown {
  server: Server;
  example: Example;
}

/**
 * Runs all steps of the demo.
 * @throws StepFailed
 */
export async function demo(world: World, steps: Steps): Promise<Shown> {
  const example = await readExample(EXAMPLE);
  const folder = await mkdtemp(join(tmpdir(), "ftp-operator-demo-"));
  try {
    const image = await install(world, steps);
    const server = await firstServer(world, steps, example, image);
    await carryTree(world, steps, server, folder);
    using session = await holdSession(world, steps, server);
    await passivePorts(world, steps, { server, example, session });
    await addressChange(world, steps, { server, example, session });
    return { server, example };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Returns commands for diagnosing a failed transfer or an FtpServer that does not become Ready. */
function lookAt(world: World, example: Example): string[] {
  const { namespace, name } = example;
  return [
    `${world.kubectlCommand} -n ${namespace} describe ftpserver ${name}`,
    `${world.kubectlCommand} -n ${namespace} logs -l app.kubernetes.io/instance=${name} --tail=50`,
    `${world.kubectlCommand} -n ${OPERATOR_NAMESPACE} logs deployment/${RELEASE} --tail=50`,
  ];
}

/** Installs the operator. Returns the reference of the image that the operator and the engines use. */
async function install(world: World, steps: Steps): Promise<string> {
  await steps.run("a Kubernetes cluster", async (report) => report.fact(await world.up(report.progress)));
  const image = await steps.run("build and load the image", async (report) => {
    const built = await world.image(report.progress);
    report.fact(built.summary);
    return built;
  });
  await steps.run(
    "helm upgrade --install ftp-operator charts/ftp-operator",
    async (report) => {
      const place = ["--namespace", OPERATOR_NAMESPACE, "--create-namespace"];
      const values = [
        "--set",
        `image.repository=${image.repository}`,
        "--set-string",
        `image.tag=${image.tag}`,
      ];
      await world.helm(["upgrade", "--install", RELEASE, CHART, ...place, ...values]);
      const deployment = `deployment/${RELEASE}`;
      await world.kubectl(["-n", OPERATOR_NAMESPACE, "rollout", "status", deployment, "--timeout=120s"]);
      report.fact(`the operator runs in namespace ${OPERATOR_NAMESPACE}`);
    },
    [
      `${world.kubectlCommand} -n ${OPERATOR_NAMESPACE} describe pods`,
      `${world.kubectlCommand} -n ${OPERATOR_NAMESPACE} logs deployment/${RELEASE}`,
    ],
  );
  return `${image.repository}:${image.tag}`;
}

async function firstServer(world: World, steps: Steps, example: Example, image: string): Promise<Server> {
  const { namespace, name } = example;
  await steps.run("kubectl apply -f examples/basic.yaml", async (report) => {
    const said = await world.kubectl(["-n", namespace, "apply", "-f", EXAMPLE]);
    report.fact(said.trim().split("\n").join(", "));
  });
  return await steps.run(
    `FtpServer ${name} is Ready`,
    async (report) => {
      const { spec, status } = await ready(world, example, image, report);
      const [ingress] = (await getService(world, example)).status?.loadBalancer?.ingress ?? [];
      const external = ingress?.ip ?? ingress?.hostname ?? "none";
      const address = status.addresses?.[0]?.value;
      check(address === external, `the Service's external address ${external}`, `${address}`);
      const range = spec.passive.portRange;
      report.fact(`${status.endpoint}, passive ports ${range.first}-${range.last}`);
      return {
        host: external,
        port: Number(new URL(`${status.endpoint}`).port || 21),
        range,
        user: example.user,
        password: example.password,
      };
    },
    lookAt(world, example),
  );
}

/**
 * Waits until the FtpServer is Ready and all its pods run the new image. While waiting, prints the condition that is
 * not met yet.
 */
async function ready(world: World, example: Example, image: string, report: Report) {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  for (;;) {
    const { metadata, spec, status } = await getFtpServer(world, example);
    const summary = status?.conditions?.find(({ type }) => type === "Ready");
    const isReady = summary?.status === "True" && status?.observedGeneration === metadata.generation;
    const isOld = (await getImages(world, example)).some((other) => other !== image);
    if (status && isReady && !isOld) return { spec, status };
    const unready = summary ? `${summary.reason}: ${summary.message}` : "not reconciled yet";
    const state = isReady ? "pods are being replaced to use the new image" : unready;
    check(Date.now() < deadline, `condition Ready to be True within ${READY_TIMEOUT_MS / 1000} s`, state);
    report.progress(state);
    await delay(READY_POLL_MS);
  }
}

async function carryTree(world: World, steps: Steps, server: Server, folder: string): Promise<void> {
  const base = `ftp://${server.host}:${server.port}`;
  const curl = async (config: string) => {
    const credentials = `user = "${server.user}:${server.password}"\n`;
    const stdin = `${CURL_OPTIONS}${credentials}${config}`;
    const done = await finish(world.outside(["curl", "--disable", "--config", "-"]), { stdin });
    check(done.code === 0, "curl exit code 0", `${done.code}: ${done.stderr.trim()}`);
    return done.stdout;
  };
  const [here, back] = [join(folder, "sent"), join(folder, "received")];

  await steps.run("log in with curl from outside the cluster", async (report) => {
    await curl(`url = "${base}/"\n`);
    report.fact(`${base} as ${server.user}`);
  });
  const sent = await steps.run("upload this project's sources and a file of 100 MiB", async (report) => {
    await copyFolder(join(ROOT, "src"), join(here, "src"));
    await randomFile(join(here, "random.bin"), BIG_FILE_BYTES);
    const files = await readTree(here);
    report.fact(await timed(files, () => curl(uploadConfig(here, base, files))));
    return files;
  });
  await steps.run("list the uploaded files", async (report) => {
    const names = (await curl(`list-only\nurl = "${base}/"\n`)).split(/\r?\n/).filter((name) => name !== "");
    const missing = ["random.bin", "src"].filter((name) => !names.includes(name));
    check(missing.length === 0, "random.bin and src in the listing", names.join(", "));
    report.fact(names.toSorted().join("  "));
  });
  await steps.run("download all files and compare checksums", async (report) => {
    report.fact(await timed(sent, () => curl(downloadConfig(back, base, sent))));
    const wrong = differences(sent, await readTree(back));
    check(
      wrong.length === 0,
      `${sent.length} files with equal SHA-256`,
      `differences in ${wrong.join(", ")}`,
    );
    report.fact(`${sent.length} SHA-256 sums are equal`);
  });
}

/** Runs a transfer, and returns a summary with the duration and the throughput. */
async function timed(files: readonly { bytes: number }[], transfer: () => Promise<unknown>): Promise<string> {
  const started = performance.now();
  await transfer();
  const elapsed = performance.now() - started;
  const mebibytes = files.reduce((sum, { bytes }) => sum + bytes, 0) / 1024 ** 2;
  const rate = mebibytes / (elapsed / 1000);
  return `${files.length} files, ${mebibytes.toFixed(1)} MiB in ${seconds(elapsed)} (${rate.toFixed(0)} MiB/s)`;
}

async function holdSession(world: World, steps: Steps, server: Server): Promise<ControlSession> {
  return await steps.run("keep a control connection open from outside", () =>
    ControlSession.open((argv) => world.outside(argv), server),
  );
}

async function passivePorts(world: World, steps: Steps, held: Held): Promise<void> {
  const { server, example, session } = held;
  const { first, last } = server.range;
  await steps.run("PASV announces the Service address and a port in the range", async (report) => {
    const { address, port } = await session.passive();
    report.fact(`reply 227 contains ${address}, port ${port}`);
    check(address === server.host, `address ${server.host}`, address);
    check(port >= first && port <= last, `a port from ${first} to ${last}`, String(port));
  });
  await steps.run("passive ports are open, adjacent ports are closed", async (report) => {
    // The check excludes free slots, because no pod listens on their ports.
    const { status } = await getFtpServer(world, example);
    const serving = status?.slots?.filter(({ state }) => state === "Serving") ?? [];
    const open = serving.flatMap(({ passivePorts }) =>
      passivePorts ? [passivePorts.first, passivePorts.last] : [],
    );
    const expected = [
      ...open.map((port) => ({ port, desired: "open" })),
      ...[first - 1, last + 1].map((port) => ({ port, desired: "closed" })),
    ];
    const probes = expected.map(async ({ port, desired }) => {
      const script = join(import.meta.dirname, "../../test/support/clients/tcp-pipe.ts");
      const probe = [process.execPath, script, server.host, String(port), "--probe"];
      const { stdout, code } = await finish(world.outside(probe));
      const answer = stdout.trim();
      check((code === 0 ? "open" : "closed") === desired, `port ${port} ${desired}`, answer);
      return `${port} ${answer}`;
    });
    report.fact((await Promise.all(probes)).join(", "));
  });
}

interface Held {
  server: Server;
  example: Example;
  session: ControlSession;
}

async function addressChange(world: World, steps: Steps, { server, example, session }: Held): Promise<void> {
  const { namespace, name } = example;
  const before = (await getFtpServer(world, example)).spec.passive.address;
  const patch = (address: object) => {
    const change = JSON.stringify({ spec: { passive: { address } } });
    return world.kubectl(["-n", namespace, "patch", "ftpserver", name, "--type=merge", "-p", change]);
  };
  const follow = async (address: string, report: Report) => {
    const started = performance.now();
    for (;;) {
      const announced = await session.passive();
      const elapsed = performance.now() - started;
      if (announced.address === address)
        return report.fact(`PASV announces ${address} after ${seconds(elapsed)} in the same session`);
      const limit = `${ADDRESS_CHANGE_LIMIT_MS / 1000} s`;
      check(
        elapsed < ADDRESS_CHANGE_LIMIT_MS,
        `PASV to announce ${address} within ${limit}`,
        announced.address,
      );
      await delay(ADDRESS_POLL_MS);
    }
  };
  await steps.run(
    `announce ${OTHER_ADDRESS}: PASV replies change within 2 s`,
    async (report) => {
      await patch({ type: "Static", static: { address: OTHER_ADDRESS } });
      await follow(OTHER_ADDRESS, report);
    },
    lookAt(world, example),
  );
  await steps.run(
    "announce the load balancer address again",
    async (report) => {
      await patch({ static: null, ...before });
      await follow(server.host, report);
    },
    lookAt(world, example),
  );
}
