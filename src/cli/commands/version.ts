/** `version` of both programs. */
import { Command } from "commander";
import { FIELD_MANAGER, formatSelector, MANAGED_BY_LABEL } from "../../api/names.ts";
import { EXIT_FAILED, EXIT_OK } from "../../common/command-error.ts";
import { isRecord } from "../../common/json.ts";
import { BUILD, type BuildInfo, versionLine } from "../../common/version.ts";
import { ENGINE_CONTAINER } from "../../api/names.ts";
import type { Pod } from "../../plan/model/objects.ts";
import { PROGRAM_IN_IMAGE } from "../cluster/ftp-server-client.ts";
import { type ClusterOptions, Kubectl, KubectlError } from "../cluster/kubectl.ts";
import { writeMessages, formatTable, type OutputFormat, outputOption, printResult } from "../output.ts";

/** Maximum number of pods to query for the version of one image. */
const MAX_ASKED = 3;
const COMPONENT_LABEL = "app.kubernetes.io/component";

interface Options {
  output: OutputFormat;
}

/** `ftp-operator version`. */
export function versionCommand(): Command {
  return new Command("version")
    .description("print the version, the commit and the version of Node.js")
    .addOption(outputOption())
    .action(async ({ output }: Options) => {
      await printResult(output, BUILD, () => `${versionLine("ftp-operator")}\n`);
    });
}

/** `kubectl ftpsrv version`. */
export function clusterVersionCommand(): Command {
  return new Command("version")
    .description("print the versions of this plugin, the operators and the engines")
    .addOption(outputOption())
    .addHelpText(
      "after",
      `
The command queries one pod for each image that is in use in any namespace. If you cannot list pods in all namespaces, the command queries only pods in the current namespace. --namespace limits the engines to one namespace. The command requires \`create\` on pods/exec.`,
    )
    .action(async ({ output }: Options, command: Command) => {
      process.exitCode = await showVersions(command.optsWithGlobals<ClusterOptions>(), output);
    });
}

/** A program that runs in pods. */
interface Component {
  name: "operator" | "engine";
  selector: Readonly<Record<string, string>>;
  container: string;
  /** Argument that identifies the program, because pods of other projects can have the same labels. */
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

/** Pods that run one image, and the version that one of these pods reports. */
interface ImageVersion extends Partial<BuildInfo> {
  image: string;
  /** In the form `namespace/name`. */
  pods: string[];
  /** Reason for an unknown version. */
  error?: string;
}

/**
 * Prints the versions of the plugin, the operators and the engines. For each image, the command runs the program in one
 * pod, because labels and tags can be wrong.
 * @returns the exit code: 0 if all versions are known, 1 if pods could not be listed or no pod of an image reported its
 * version
 */
async function showVersions(options: ClusterOptions, output: OutputFormat): Promise<number> {
  const kubectl = await new Kubectl(options).inCurrentContext();
  const errors: string[] = [];
  const found = await Promise.all(
    COMPONENTS.map((component) => versionsOf(kubectl, component, options, errors)),
  );
  const [operators, engines] = found;
  await printResult(output, { plugin: BUILD, operators, engines }, () => versionTable(operators, engines));
  for (const { image, error } of found.flatMap((versions) => versions ?? []))
    if (error !== undefined) errors.push(`${error}: ${image}`);
  writeMessages("error", errors);
  return errors.length === 0 ? EXIT_OK : EXIT_FAILED;
}

/** @returns the versions, or undefined if pods cannot be listed */
async function versionsOf(
  kubectl: Kubectl,
  component: Component,
  options: ClusterOptions,
  errors: string[],
): Promise<ImageVersion[] | undefined> {
  try {
    const pods = (await podsOf(kubectl, component, options, errors)).filter((pod) => isOf(pod, component));
    const byImage = Map.groupBy(pods, (pod) => imageOf(pod, component));
    return await Promise.all([...byImage].map(([, same]) => ask(kubectl, component, same)));
  } catch (error) {
    if (!(error instanceof KubectlError)) throw error;
    errors.push(`${component.name} pods cannot be listed: ${error.message}`);
    return undefined;
  }
}

/**
 * Returns the pods in all namespaces. Returns only the pods in one namespace if `--namespace` selects the engines, or
 * if the user cannot list pods in other namespaces.
 * @throws KubectlError
 */
async function podsOf(
  kubectl: Kubectl,
  { name, selector }: Component,
  { namespace }: ClusterOptions,
  errors: string[],
): Promise<Pod[]> {
  const list = async (...scope: string[]): Promise<Pod[]> =>
    (await kubectl.get<{ items: Pod[] }>("pods", "-l", formatSelector(selector), ...scope)).items;
  if (name === "engine" && namespace !== undefined) return await list();
  try {
    return await list("--all-namespaces");
  } catch (error) {
    if (!(error instanceof KubectlError) || error.reason !== "Forbidden") throw error;
    const pods = await list();
    errors.push(`${name} pods in other namespaces cannot be listed: ${error.message}`);
    return pods;
  }
}

function isOf({ spec, status }: Pod, { container, argument }: Component): boolean {
  const args = spec.containers.find(({ name }) => name === container)?.["args"];
  const isProgram =
    Array.isArray(args) && args.some((arg) => typeof arg === "string" && arg.split("=")[0] === argument);
  return isProgram && status?.phase === "Running";
}

/**
 * Returns the image digest if the container runtime reports a digest. Two pods with the same tag can run different
 * images.
 */
function imageOf({ spec, status }: Pod, { container }: Component): string {
  const running = status?.containerStatuses?.find(({ name }) => name === container)?.imageID;
  return running || String(spec.containers.find(({ name }) => name === container)?.["image"]);
}

/** Queries up to {@link MAX_ASKED} pods of one image sequentially, until a pod reports its version. */
async function ask(kubectl: Kubectl, component: Component, pods: readonly Pod[]): Promise<ImageVersion> {
  const [first] = pods;
  const image = String(first?.spec.containers.find(({ name }) => name === component.container)?.["image"]);
  const version = { image, pods: pods.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`) };
  let failure = "";
  for (const { metadata } of pods.slice(0, MAX_ASKED)) {
    const inPod = metadata.namespace === undefined ? kubectl : kubectl.inNamespace(metadata.namespace);
    try {
      const command = [...PROGRAM_IN_IMAGE, "version", "--output=json"];
      const build = parseBuild(await inPod.exec(metadata.name, component.container, command));
      if (build !== undefined) return { ...build, ...version };
      failure = `pod ${metadata.name} does not report a version`;
    } catch (error) {
      if (!(error instanceof KubectlError)) throw error;
      failure = `pod ${metadata.name} did not respond: ${error.message}`;
    }
  }
  return { ...version, error: failure };
}

/** Parses the JSON output of `version`. Returns undefined for invalid text, which pods of other tenants can print. */
function parseBuild(json: string): BuildInfo | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  if (!isRecord(value)) return undefined;
  const { version, commit, node } = value;
  if (typeof version !== "string" || typeof node !== "string") return undefined;
  return { version, ...(typeof commit === "string" && { commit }), node };
}

function versionTable(
  operators: readonly ImageVersion[] | undefined,
  engines: readonly ImageVersion[] | undefined,
): string {
  return formatTable(
    ["PROGRAM", "VERSION", "COMMIT", "NODE.JS", "PODS", "IMAGE"],
    [[...cellsOf("plugin", BUILD), "", ""], ...rowsOf("operator", operators), ...rowsOf("engine", engines)],
  );
}

function rowsOf(name: string, versions: readonly ImageVersion[] | undefined): string[][] {
  if (versions === undefined) return [[...cellsOf(name, {}), "?", ""]];
  if (versions.length === 0) return [[name, "none found", "", "", "0", ""]];
  return versions.map((one) => [...cellsOf(name, one), String(one.pods.length), one.image]);
}

function cellsOf(name: string, { version = "?", commit = "", node = "?" }: Partial<BuildInfo>): string[] {
  return [name, version, commit.slice(0, 7), node];
}
