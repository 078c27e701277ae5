/** The command line of the test cluster: `node test/cluster/main.ts --help`. */
import { existsSync } from "node:fs";
import { Command, Option } from "commander";
import { build } from "./build.ts";
import { administratorEnvironment } from "./cluster.ts";
import { buildEventReceiver } from "./events/receiver.ts";
import { ensureCluster, openCluster, removeCluster } from "./full.ts";
import { productImage } from "./images/product.ts";
import {
  API_NODE,
  DEFAULT_PREFIX,
  type Host,
  hosts,
  inNetwork,
  type Layout,
  layoutOf,
  namespaceFile,
} from "./layout.ts";
import { isAlive } from "./processes.ts";
import { type Part, parts, programFile, programsFor } from "./programs.ts";
import { isRunning, recordedDaemons } from "./record.ts";
import { runInteractive } from "./run.ts";
import { buildS3Programs } from "./s3/programs.ts";
import { messageOf } from "./wait.ts";

interface PrefixOption {
  readonly prefix: string;
}

interface BuildOptions {
  readonly only: Part;
}

const say = (line: string): void => console.log(line);

const cli = new Command("test/cluster/main.ts")
  .description("run a Kubernetes cluster on this machine for tests and demos")
  .enablePositionalOptions()
  .showHelpAfterError();

/** Adds a subcommand with the option `--prefix`, which selects the cluster. */
function clusterCommand(usage: string, description: string): Command {
  const prefix = new Option("--prefix <name>", "name of the cluster").default(DEFAULT_PREFIX);
  return cli.command(usage).description(description).addOption(prefix);
}

cli
  .command("build")
  .description("build the missing programs of a cluster, and S3 servers and the event receiver for tests")
  .addOption(
    new Option("--only <part>", "build only the programs of this part").choices(parts).default("e2e"),
  )
  .action(async ({ only }: BuildOptions) => {
    await build(programsFor(only), say);
    await buildS3Programs(only, say);
    await buildEventReceiver(only);
  });

clusterCommand("up", "start a cluster unless it is running").action(async ({ prefix }: PrefixOption) => {
  const start = Date.now();
  await ensureCluster(prefix, say);
  say(`cluster ${prefix} is ready after ${((Date.now() - start) / 1000).toFixed(1)} s`);
});

clusterCommand("down", "remove a cluster").action(async ({ prefix }: PrefixOption) => {
  await removeCluster(prefix);
  say(`cluster ${prefix} is removed`);
});

clusterCommand(
  "status",
  "list the processes of a cluster; exit with code 3 when the cluster is not running",
).action(({ prefix }: PrefixOption) => {
  const layout = layoutOf(prefix);
  for (const daemon of recordedDaemons(layout)) {
    say(
      `${isAlive(daemon) ? "runs " : "ENDED"}  ${String(daemon.pid).padStart(7)}  ${daemon.name.padEnd(24)}${daemon.log}`,
    );
  }
  const running = isRunning(layout);
  say(`cluster ${prefix} is ${running ? "up" : "not up"}`);
  if (!running) process.exitCode = 3;
});

clusterCommand("kubectl", "run kubectl as administrator of a cluster")
  .argument("[args...]")
  .passThroughOptions()
  .allowUnknownOption()
  .helpOption(false)
  .action(async (args: string[], { prefix }: PrefixOption) => {
    const layout = existing(prefix);
    const argv = inNetwork(layout, API_NODE, [programFile("kube", "kubectl"), ...args]);
    process.exitCode = await runInteractive(argv, administratorEnvironment(layout));
  });

clusterCommand("exec", `run a command in the network of a host: ${Object.keys(hosts).join(", ")}`)
  .argument("<host>")
  .argument("<command...>")
  .passThroughOptions()
  .action(async (host: string, command: string[], { prefix }: PrefixOption) => {
    if (!isHost(host)) throw new Error(`unknown host ${host}: use one of ${Object.keys(hosts).join(", ")}`);
    const argv = command[0] === "--" ? command.slice(1) : command;
    process.exitCode = await runInteractive(inNetwork(existing(prefix), host, argv));
  });

clusterCommand("name", "replace the DNS names that cluster DNS resolves for pods")
  .argument("<name>")
  .argument("<addresses...>")
  .action(async (name: string, addresses: string[], { prefix }: PrefixOption) => {
    await openCluster(prefix).setNames({ [name]: addresses });
  });

cli
  .command("image")
  .description(
    "build the ftp-operator image from the Dockerfile as an OCI archive, and print its name and path",
  )
  .action(async () => {
    const { reference, archive } = await productImage(say);
    say(`${reference}  ${archive}`);
  });

clusterCommand("load-image", "import an OCI archive on both nodes")
  .argument("<archive>")
  .action(async (archive: string, { prefix }: PrefixOption) => {
    await openCluster(prefix).loadImage(archive);
  });

/**
 * Returns the layout of a cluster. Requires only that its network namespaces exist, so that `kubectl` and `exec` also
 * work on an incomplete cluster.
 */
function existing(prefix: string): Layout {
  const layout = layoutOf(prefix);
  if (!existsSync(namespaceFile(layout, API_NODE))) throw new Error(`cluster ${prefix} does not exist`);
  return layout;
}

function isHost(name: string): name is Host {
  return Object.hasOwn(hosts, name);
}

// On exit, run.ts ends all running commands. `down` and the next `up` remove an incomplete cluster.
for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const) {
  process.once(signal, () => {
    console.error("interrupted: `down` and the next `up` remove the incomplete cluster");
    process.exit(code);
  });
}

try {
  await cli.parseAsync();
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}
