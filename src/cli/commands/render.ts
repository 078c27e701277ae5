import { Command, Option } from "commander";
import { CommandError, EXIT_OK } from "../../common/command-error.ts";
import type { Settings } from "../../plan/model/observed.ts";
import { filenamesOption, imagePullPolicyOption, labels, namespaceOption } from "../options.ts";
import { serialize, writeMessages } from "../output.ts";

interface Options {
  filename: string[];
  namespace: string;
  engineImage: string;
  imagePullPolicy: Settings["imagePullPolicy"];
  output: "yaml" | "json";
  operatorNamespace?: string;
  operatorLabels?: Record<string, string>;
}

export function renderCommand(): Command {
  return new Command("render")
    .description("print the objects that the operator would apply for an FtpServer, without a cluster")
    .addOption(filenamesOption())
    .addOption(namespaceOption())
    .option("--engine-image <IMAGE>", "run IMAGE in the pods", "ftp-operator:latest")
    .addOption(imagePullPolicyOption())
    .option(
      "--operator-namespace <NAME>",
      "allow operator pods in namespace NAME to access the metrics port; requires --operator-labels",
    )
    .option(
      "--operator-labels <LABELS>",
      "allow operator pods with LABELS to access the metrics port; requires --operator-namespace",
      labels,
    )
    .addOption(
      new Option("--output <FORMAT>", "print the objects in FORMAT")
        .choices(["yaml", "json"])
        .default("yaml"),
    )
    .addHelpText(
      "after",
      `
Missing objects, for example a password Secret, are reported on standard error. The output contains password hashes from the Secrets in
the manifests.

Exit codes: 0 printed, 2 invalid manifest. Validation errors are the same as the errors from \`kubectl apply\`.

Examples:
  ftp-operator render -f examples/basic.yaml
  kubectl get ftpserver demo -o yaml | ftp-operator render -f - | kubectl diff -f -`,
    )
    .action(async (options: Options) => {
      process.exitCode = await render(options);
    });
}

/** @throws CommandError if a manifest is invalid */
async function render({ filename, namespace, output, ...flags }: Options): Promise<number> {
  const settings = settingsOf(flags);
  const { readManifests } = await import("../manifests/read-manifests.ts");
  const { missingObjects, planFromManifests } = await import("../manifests/plan-from-manifests.ts");
  const manifests = await readManifests(filename, namespace);
  const plans = await Promise.all(
    manifests.servers.map((server) => planFromManifests(server, manifests, settings)),
  );
  writeMessages(
    "warning",
    plans.flatMap(missingObjects).map(({ text }) => text),
  );
  const objects = plans.flatMap(({ apply }) => apply);
  if (output === "json") {
    process.stdout.write(await serialize("json", { apiVersion: "v1", kind: "List", items: objects }));
    return EXIT_OK;
  }
  for (const object of objects) process.stdout.write(`---\n${await serialize("yaml", object)}`);
  return EXIT_OK;
}

/** @throws CommandError if only one of the two options is set */
function settingsOf({
  operatorNamespace: namespace,
  operatorLabels: podLabels,
  ...flags
}: Omit<Options, "filename" | "namespace" | "output">): Settings {
  if ((namespace === undefined) !== (podLabels === undefined))
    throw new CommandError("--operator-namespace and --operator-labels must be used together", {
      hint: "set both options or none",
    });
  return {
    ...flags,
    extraNodeAddresses: [],
    reachabilityChecks: true,
    ...(namespace !== undefined &&
      podLabels !== undefined && { operatorPods: { namespace, labels: podLabels } }),
  };
}
