import { formatSelector, FIELD_MANAGER, MANAGED_BY_LABEL } from "../../api/names.ts";
import { formatTable } from "../table.ts";
import { printable } from "../../common/printable.ts";
import { BUILD, type BuildInfo, readVersionLine } from "../../common/version.ts";
import { ENGINE_CONTAINER } from "../../plan/desired/engine-pod.ts";
import type { Pod } from "../../plan/model/objects.ts";
import { type Choice, Kubectl, KubectlError } from "../cluster/kubectl.ts";
import { PROGRAM } from "../cluster/ftp-server-client.ts";

const EXIT_FAILED = 1;
/** Pods of one image that are asked until one answers. */
const MAX_ASKED = 3;
const COMPONENT_LABEL = "app.kubernetes.io/component";

/** A program that runs in pods. */
interface Component {
  name: "operator" | "engine";
  selector: Readonly<Record<string, string>>;
  container: string;
  /** Argument of the container's command that no other program has: the name in a label may be another one. */
  argument: string;
}

const COMPONENTS: readonly Component[] = [
  {
    name: "operator",
    selector: { [COMPONENT_LABEL]: "operator" },
    container: "operator",
    argument: "--engine-image",
  },
  {
    name: "engine",
    selector: { [COMPONENT_LABEL]: "engine", [MANAGED_BY_LABEL]: FIELD_MANAGER },
    container: ENGINE_CONTAINER,
    argument: "--config",
  },
];

/** Pods that run one image, and the version that one of them reports. */
interface Running extends Partial<BuildInfo> {
  image: string;
  /** As `namespace/name`. */
  pods: string[];
  /** Why the version is not known. */
  problem?: string;
}

/**
 * Prints the versions of the plugin, of operators and of engines. One pod of each image is asked, with its own program, so that the
 * answer is what runs and not what a label says.
 * @returns the exit code: 0 all told, 1 pods could not be listed or a pod did not answer
 */
export async function showVersion(choice: Choice, output: "text" | "json"): Promise<number> {
  const kubectl = await new Kubectl(choice).inCurrentContext();
  const violations: string[] = [];
  const found = await Promise.all(
    COMPONENTS.map((component) => runningOf(kubectl, component, choice, violations)),
  );
  const [operators, engines] = found;
  process.stdout.write(
    output === "json"
      ? `${JSON.stringify({ plugin: BUILD, operators, engines }, undefined, 2)}\n`
      : table(operators, engines),
  );
  for (const { image, problem } of found.flatMap((running) => running ?? []))
    if (problem !== undefined) violations.push(`${image}: ${problem}`);
  process.stderr.write(violations.map((line) => `kubectl ftpsrv version: ${printable(line)}\n`).join(""));
  return violations.length === 0 ? 0 : EXIT_FAILED;
}

/** @returns undefined when pods cannot be listed */
async function runningOf(
  kubectl: Kubectl,
  component: Component,
  choice: Choice,
  violations: string[],
): Promise<Running[] | undefined> {
  try {
    const pods = (await podsOf(kubectl, component, choice, violations)).filter((pod) => isOf(pod, component));
    const byImage = Map.groupBy(pods, (pod) => imageOf(pod, component));
    return await Promise.all([...byImage].map(async ([, same]) => await ask(kubectl, component, same)));
  } catch (error) {
    if (!(error instanceof KubectlError)) throw error;
    violations.push(`${component.name}s cannot be asked: ${error.message}`);
    return undefined;
  }
}

/** Those of all namespaces, or of the chosen one: for engines when it is named, and for a user who may see no more. @throws KubectlError */
async function podsOf(
  kubectl: Kubectl,
  { name, selector }: Component,
  { namespace }: Choice,
  violations: string[],
): Promise<Pod[]> {
  const list = async (...scope: string[]): Promise<Pod[]> =>
    (await kubectl.get<{ items: Pod[] }>("pods", "-l", formatSelector(selector), ...scope)).items;
  if (name === "engine" && namespace !== undefined) return await list();
  try {
    return await list("--all-namespaces");
  } catch (error) {
    if (!(error instanceof KubectlError) || error.reason !== "Forbidden") throw error;
    const pods = await list();
    violations.push(`${name}s of other namespaces cannot be asked: ${error.message}`);
    return pods;
  }
}

function isOf({ spec, status }: Pod, { container, argument }: Component): boolean {
  const args = spec.containers.find(({ name }) => name === container)?.["args"];
  const isProgram =
    Array.isArray(args) && args.some((arg) => typeof arg === "string" && arg.split("=")[0] === argument);
  return isProgram && status?.phase === "Running";
}

/** The digest, where the container runtime reports it: a tag may have moved between two pods. */
function imageOf({ spec, status }: Pod, { container }: Component): string {
  const running = status?.containerStatuses?.find(({ name }) => name === container)?.imageID;
  return running || String(spec.containers.find(({ name }) => name === container)?.["image"]);
}

/** Asks the pods of one image, one after the other, until one answers. */
async function ask(kubectl: Kubectl, component: Component, pods: readonly Pod[]): Promise<Running> {
  const [first] = pods;
  const image = String(first?.spec.containers.find(({ name }) => name === component.container)?.["image"]);
  const running = { image, pods: pods.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`) };
  let problem = "";
  for (const { metadata } of pods.slice(0, MAX_ASKED)) {
    const inPod = metadata.namespace === undefined ? kubectl : kubectl.inNamespace(metadata.namespace);
    try {
      const line = await inPod.exec(metadata.name, component.container, [...PROGRAM, "--version"]);
      const build = readVersionLine(line);
      if (build !== undefined) return { ...build, ...running };
      problem = `pod ${metadata.name} does not report a version`;
    } catch (error) {
      if (!(error instanceof KubectlError)) throw error;
      problem = `pod ${metadata.name} did not answer: ${error.message}`;
    }
  }
  return { ...running, problem };
}

function table(operators: readonly Running[] | undefined, engines: readonly Running[] | undefined): string {
  return formatTable(
    ["PROGRAM", "VERSION", "COMMIT", "NODE.JS", "PODS", "IMAGE"],
    [[...cells("plugin", BUILD), "", ""], ...rows("operator", operators), ...rows("engine", engines)],
  );
}

function rows(name: string, running: readonly Running[] | undefined): string[][] {
  if (running === undefined) return [[...cells(name, {}), "?", ""]];
  if (running.length === 0) return [[name, "none found", "", "", "0", ""]];
  return running.map((one) => [...cells(name, one), String(one.pods.length), one.image]);
}

function cells(name: string, { version = "?", commit = "", node = "?" }: Partial<BuildInfo>): string[] {
  return [name, version, commit.slice(0, 7), node];
}
