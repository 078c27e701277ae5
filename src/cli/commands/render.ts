import { dump } from "js-yaml";
import type { Settings } from "../../plan/model/observed.ts";
import { plan, type Plan } from "../../plan/plan.ts";
import { ManifestError, readManifests } from "../manifests/manifests.ts";
import { observeManifests } from "../manifests/observe.ts";

export interface RenderCommand {
  /** Manifest files; `-` is standard input. */
  filename: string[];
  namespace: string;
  engineImage: string;
  imagePullPolicy: Settings["imagePullPolicy"];
  output: "yaml" | "json";
  /** Both or none. */
  operatorNamespace?: string;
  operatorLabels?: Record<string, string>;
}

const EXIT_USAGE = 2;

/**
 * Prints what the operator would apply for the FtpServers of manifests, and on standard error what it would complain about.
 * @returns the exit code: 0 printed, 2 the manifests are wrong
 */
export async function runRender({ filename, namespace, output, ...flags }: RenderCommand): Promise<number> {
  try {
    const settings = settingsOf(flags);
    const manifests = await readManifests(filename, namespace);
    const plans = await Promise.all(
      manifests.servers.map(async (server) => plan(await observeManifests(server, manifests, settings))),
    );
    for (const line of plans.flatMap(complaints)) process.stderr.write(`ftp-operator render: ${line}\n`);
    const objects = plans.flatMap(({ apply }) => apply);
    process.stdout.write(
      output === "json"
        ? `${JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }, undefined, 2)}\n`
        : objects.map((object) => `---\n${dump(object, { noRefs: true, lineWidth: -1 })}`).join(""),
    );
    return 0;
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    for (const line of error.message.split("\n")) process.stderr.write(`ftp-operator render: ${line}\n`);
    return EXIT_USAGE;
  }
}

/** @throws ManifestError when only one of two flags is given */
function settingsOf({
  operatorNamespace: namespace,
  operatorLabels: labels,
  ...flags
}: Omit<RenderCommand, "filename" | "namespace" | "output">): Settings {
  if ((namespace === undefined) !== (labels === undefined))
    throw new ManifestError("--operator-namespace and --operator-labels require each other: set both");
  return {
    ...flags,
    extraNodeAddresses: [],
    reachabilityChecks: true,
    ...(namespace !== undefined && labels !== undefined && { operatorPods: { namespace, labels } }),
  };
}

/** Conditions about what manifests can lack; of the rest nothing is known without a cluster. */
const TOLD: ReadonlySet<string> = new Set(["Stalled", "UsersReady", "TLSReady"]);

/** What a server and its FtpUsers lack, a line each. */
export function complaints({ status, userStatuses }: Plan): string[] {
  const own = (status.conditions ?? [])
    .filter(({ type, status: state }) => TOLD.has(type) && state === (type === "Stalled" ? "True" : "False"))
    .map(({ type, reason, message }) => `${type} (${reason}): ${message}`);
  const users = userStatuses.flatMap(({ status: { conditions = [] } }) =>
    conditions
      .filter(({ type, status: state }) => type === "Ready" && state === "False")
      .map(({ reason, message }) => `FtpUser (${reason}): ${message}`),
  );
  return [...own, ...users];
}
