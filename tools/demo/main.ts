/**
 * `make demo`: demonstrates the operator on a real cluster and verifies each step. The exit code is 0 only if all
 * checks pass.
 */
import { createInterface } from "node:readline/promises";
import { parseArgs } from "node:util";
import { messageOf } from "../../test/cluster/wait.ts";
import { currentCluster } from "./current.ts";
import { demo, type Shown } from "./demo.ts";
import { ownCluster } from "./own.ts";
import { StepFailed, Steps } from "./steps.ts";
import type { World } from "./world.ts";

const USAGE = `usage: node tools/demo/main.ts [--cluster own|current] [--image REPOSITORY:TAG] [--yes]

  --cluster own      a cluster of two nodes on this machine (requires root); started if it is not running (default)
  --cluster current  the cluster of your current kubeconfig context; requires --image
  --image            an image that the nodes of the cluster can pull
  --yes              do not ask before changing your cluster`;
const USAGE_ERROR = 2;

async function chosenWorld(cluster: string, image: string | undefined): Promise<World> {
  if (cluster === "own") return ownCluster();
  if (cluster !== "current") throw new Error(`--cluster ${cluster} is neither own nor current\n\n${USAGE}`);
  if (image === undefined) throw new Error(`--cluster current requires --image REPOSITORY:TAG\n\n${USAGE}`);
  return await currentCluster(image);
}

async function agreed(): Promise<boolean> {
  if (!process.stdin.isTTY) throw new Error("cannot ask for confirmation without a terminal: add --yes");
  using question = createInterface({ input: process.stdin, output: process.stdout });
  return /^y(es)?$/i.test((await question.question("Continue? [y/N] ")).trim());
}

function list(commands: readonly string[]): string {
  return commands.map((command) => `  ${command}`).join("\n");
}

function farewell(world: World, { server, example }: Shown, elapsed: string): string {
  const { host, port, user, password } = server;
  const play = [
    world.outsideCommand(`curl -T README.md ftp://${user}:${password}@${host}:${port}/`),
    world.outsideCommand(`curl ftp://${user}:${password}@${host}:${port}/`),
    `${world.kubectlCommand} get ftpservers --watch`,
    `${world.kubectlCommand} -n ${example.namespace} edit ftpserver ${example.name}`,
  ];
  return `\nAll checks passed in ${elapsed}.\n\nMore commands to try:\n${list(play)}\n\nTear down:\n${list(world.tearDown)}\n`;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      cluster: { type: "string", default: "own" },
      image: { type: "string" },
      yes: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const world = await chosenWorld(values.cluster, values.image);
  for (const line of world.outlook) console.log(line);
  if (values.cluster === "current" && !values.yes && !(await agreed())) return 1;
  console.log();
  const steps = new Steps({
    write: (text) => process.stdout.write(text),
    interactive: process.stdout.isTTY,
  });
  try {
    console.log(farewell(world, await demo(world, steps), steps.elapsed()));
    return 0;
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    console.log(
      `\nThe demo stopped after ${steps.elapsed()}. The cluster and all objects remain for diagnosis. To remove them:`,
    );
    console.log(list(world.tearDown));
    return 1;
  }
}

for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const) {
  process.once(signal, () => {
    console.error(
      "\ninterrupted: run the demo again to continue, or run `make cluster-down` to remove the cluster on this machine",
    );
    process.exit(code);
  });
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = USAGE_ERROR;
}
