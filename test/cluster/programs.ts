/** The programs of a test cluster, with their Go packages and paths. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "./cache.ts";

const KUBERNETES_VERSION = "1.36.3";
const METALLB = "go.universe.tf/metallb";
const ADAPTER = "sigs.k8s.io/prometheus-adapter";

/** Folder with the Go module of all programs. In one module, a shared package is compiled only once. */
export const MODULE_FOLDER = join(import.meta.dirname, "binaries");

/**
 * The part that requires a program: `control-plane` (make test), `full` (a cluster) or `e2e`. A part includes the
 * programs of earlier parts.
 */
export type Part = "control-plane" | "full" | "e2e";
export const parts: readonly Part[] = ["control-plane", "full", "e2e"];

export type ProgramName = "kube" | "helm" | "metallb" | "prometheus-adapter";

export interface Program {
  readonly name: ProgramName;
  readonly part: Part;
  /** Go packages. Each package becomes an executable that is named after the last part of its path. */
  readonly packages: readonly string[];
  /** Additional names for the executable. The program uses the name with which it is started to select a command. */
  readonly links?: readonly string[];
  /** A file in the published module that a cluster applies unchanged. */
  readonly manifest?: { readonly module: string; readonly path: string };
}

const programs: readonly Program[] = [
  {
    name: "kube",
    part: "control-plane",
    packages: ["ftp-operator.io/test/cluster"],
    links: [
      "kube-apiserver",
      "kube-controller-manager",
      "kube-scheduler",
      "kubelet",
      "kube-proxy",
      "kubectl",
      "etcd",
      "kube-network-policies",
    ],
  },
  { name: "helm", part: "control-plane", packages: ["helm.sh/helm/v4/cmd/helm"] },
  {
    name: "metallb",
    part: "full",
    packages: [`${METALLB}/controller`, `${METALLB}/speaker`],
    manifest: { module: METALLB, path: "config/manifests/metallb-native.yaml" },
  },
  { name: "prometheus-adapter", part: "e2e", packages: [`${ADAPTER}/cmd/adapter`] },
];

/** Returns the programs that a part requires, including the programs of earlier parts. */
export function programsFor(part: Part): Program[] {
  return programs.filter((program) => parts.indexOf(program.part) <= parts.indexOf(part));
}

/**
 * A patch for a published module. The patch is necessary because of the shared dependency versions or the environment
 * in the test cluster.
 */
export interface Patch {
  readonly module: string;
  /** Replacements for each file. Each key is a string that the file must contain, and each value is the replacement. */
  readonly edits: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export const patches: readonly Patch[] = [
  {
    // The packet rules in this module require the kernel module nft_queue, which some kernels do not have. The file
    // parts/network-policy.ts creates equivalent rules.
    module: "sigs.k8s.io/kube-network-policies",
    edits: {
      "pkg/networkpolicy/controller.go": {
        'klog.FromContext(ctx).Info("Syncing nftables rules")': "return nil",
      },
    },
  },
  {
    // MetalLB uses controller-runtime 0.22. Versions below 0.24 do not compile with Kubernetes 1.36.
    module: METALLB,
    edits: {
      "internal/k8s/webhook.go": {
        "NewWebhookHandler(mgr.GetScheme())": "NewWebhookHandler(mgr.GetScheme(), conversion.NewRegistry())",
      },
    },
  },
  {
    // The adapter uses custom-metrics-apiserver 1.30, which does not compile with Kubernetes 1.36. The newer version of
    // custom-metrics-apiserver includes its own API definitions. The API definitions in the adapter lack names that
    // Kubernetes has required since version 1.35.
    module: ADAPTER,
    edits: {
      "cmd/adapter/adapter.go": {
        "stopCh := genericapiserver.SetupSignalHandler()":
          "ctx := genericapiserver.SetupSignalContext()\n\tstopCh := ctx.Done()",
        "cmd.Run(stopCh)": "cmd.Run(ctx)",
        "if cmd.OpenAPIConfig == nil {": "if false {",
        "if cmd.OpenAPIV3Config == nil {": "if false {",
      },
      // Prometheus rejects a negative timeout. Older versions of prometheus/common omitted negative durations.
      "pkg/client/api.go": { "time.Since(deadline)": "time.Until(deadline)" },
    },
  },
];

const version = (path: string): string => `-X ${path}.gitVersion=v${KUBERNETES_VERSION}`;

/** Flags for `go build` that apply to all programs. */
export const buildFlags: readonly string[] = [
  // Compiling without debug information takes 20 % less CPU time (docs/contributing/decisions/0010).
  "-gcflags=all=-dwarf=false",
  `-ldflags=${[
    "-s -w",
    version("k8s.io/component-base/version"),
    "-X k8s.io/component-base/version.gitMajor=1 -X k8s.io/component-base/version.gitMinor=36",
    version("k8s.io/client-go/pkg/version"),
  ].join(" ")}`,
];

/** Returns the folder of a built program. The folder name contains a hash of all build inputs. */
export function programFolder(name: ProgramName): string {
  return join(cacheFolder(), "bin", `${name}-${inputHash(programOf(name))}`);
}

function programOf(name: ProgramName): Program {
  const program = programs.find((candidate) => candidate.name === name);
  if (!program) throw new Error(`unknown program ${name}`);
  return program;
}

/**
 * Returns the path of one executable or manifest of a built program.
 * @throws Error that names the build command
 */
export function programFile(name: ProgramName, file: string): string {
  const path = join(programFolder(name), file);
  if (existsSync(path)) return path;
  const { part } = programOf(name);
  throw new Error(
    `${name} is not built yet (no ${path}): run \`node test/cluster/main.ts build --only ${part}\``,
  );
}

function inputHash(program: Program): string {
  const hash = createHash("sha256").update(JSON.stringify([program, patches, buildFlags, process.arch]));
  for (const file of readdirSync(MODULE_FOLDER).toSorted()) {
    hash.update(file).update(readFileSync(join(MODULE_FOLDER, file)));
  }
  return hash.digest("hex").slice(0, 12);
}
