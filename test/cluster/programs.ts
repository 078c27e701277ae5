/** The programs a test cluster is made of: what each is built from and where the result lies. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "./cache.ts";

const KUBERNETES_VERSION = "1.36.3";
const HELM = "helm.sh/helm/v4/cmd/helm@v4.3.1";
const METALLB = "go.universe.tf/metallb";
const METALLB_VERSION = "v0.15.2";
const CALICO = "github.com/projectcalico/calico";
/** The v3.28.5 branch. */
const CALICO_VERSION = "v1.11.0-cni-plugin.0.20250813170300-a0db560f0520";
const ADAPTER = "sigs.k8s.io/prometheus-adapter";
const ADAPTER_VERSION = "v0.12.0";
const CALICO_API = "github.com/projectcalico/api v0.0.0-20240708202104-e3f70b269c2c";

/** Folder of the Go module that joins the Kubernetes programs into one. */
const KUBE_MODULE = join(import.meta.dirname, "binaries");
const KUBE_NAMES = [
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kubelet",
  "kube-proxy",
  "kubectl",
  "etcd",
];

/** How a program is built; `build.ts` has one function per kind. */
export type Recipe =
  /** A module in this repository; `names` become links to the one binary. */
  | {
      readonly kind: "module";
      readonly folder: string;
      readonly ldflags: string;
      readonly names: readonly string[];
    }
  /** `go install` of published commands. */
  | { readonly kind: "install"; readonly packages: readonly string[]; readonly manifests?: ModuleFiles }
  /** Commands of a published module whose go.mod only builds after edits. */
  | {
      readonly kind: "edited-module";
      readonly module: string;
      readonly version: string;
      /** From a line's fragment to what replaces it in go.mod. */
      readonly edits: Readonly<Record<string, string>>;
      readonly commands: readonly string[];
      readonly manifests?: ModuleFiles;
    };

/** Files of a published module that a cluster applies as they are. */
export interface ModuleFiles {
  readonly module: string;
  readonly version: string;
  readonly paths: readonly string[];
}

export interface Program {
  readonly name: ProgramName;
  /** Who needs it: `make test`, for a control plane and for the chart, or a full cluster alone. */
  readonly part: "control-plane" | "full";
  readonly recipe: Recipe;
  /** Minutes a first build took on two cores, as an outlook for whoever waits. */
  readonly minutes: number;
}

export type ProgramName = "kube" | "helm" | "metallb" | "calico" | "prometheus-adapter";

const version = (path: string): string => `-X ${path}.gitVersion=v${KUBERNETES_VERSION}`;

export const programs: readonly Program[] = [
  {
    name: "kube",
    part: "control-plane",
    minutes: 6,
    recipe: {
      kind: "module",
      folder: KUBE_MODULE,
      names: KUBE_NAMES,
      ldflags: [
        "-s -w",
        version("k8s.io/component-base/version"),
        "-X k8s.io/component-base/version.gitMajor=1 -X k8s.io/component-base/version.gitMinor=36",
        version("k8s.io/client-go/pkg/version"),
      ].join(" "),
    },
  },
  { name: "helm", part: "control-plane", minutes: 3, recipe: { kind: "install", packages: [HELM] } },
  {
    name: "metallb",
    part: "full",
    minutes: 2,
    recipe: {
      kind: "install",
      packages: [`${METALLB}/controller@${METALLB_VERSION}`, `${METALLB}/speaker@${METALLB_VERSION}`],
      manifests: {
        module: METALLB,
        version: METALLB_VERSION,
        paths: ["config/manifests/metallb-native.yaml"],
      },
    },
  },
  {
    name: "calico",
    part: "full",
    minutes: 3,
    recipe: {
      kind: "edited-module",
      module: CALICO,
      version: CALICO_VERSION,
      // The module replaces its own api by a folder that is not in the published zip.
      edits: { "api => ./api": `api => ${CALICO_API}` },
      commands: ["felix/cmd/calico-felix", "cni-plugin/cmd/calico"],
      manifests: {
        module: CALICO,
        version: CALICO_VERSION,
        paths: ["manifests/calico.yaml", "libcalico-go/config/crd"],
      },
    },
  },
  {
    name: "prometheus-adapter",
    part: "full",
    minutes: 2,
    // `go install` asks for a list of versions, which not every proxy gives for this module.
    recipe: {
      kind: "edited-module",
      module: ADAPTER,
      version: ADAPTER_VERSION,
      edits: {},
      commands: ["cmd/adapter"],
    },
  },
];

/** Folder of a built program. Its name carries a hash of all that goes into the build, so a change makes another folder. */
export function programFolder(name: ProgramName): string {
  return join(cacheFolder(), "bin", `${name}-${inputHash(programOf(name).recipe)}`);
}

function programOf(name: ProgramName): Program {
  const program = programs.find((candidate) => candidate.name === name);
  if (!program) throw new Error(`no program is called ${name}`);
  return program;
}

/**
 * Path of one executable or manifest of a built program.
 * @throws Error that says which command builds it.
 */
export function programFile(name: ProgramName, file: string): string {
  const path = join(programFolder(name), file);
  if (existsSync(path)) return path;
  const only = programOf(name).part === "control-plane" ? " --only control-plane" : "";
  throw new Error(`${name} is not built yet (no ${path}): run \`node test/cluster/main.ts build${only}\``);
}

function inputHash(recipe: Recipe): string {
  const hash = createHash("sha256").update(
    JSON.stringify({ ...recipe, folder: undefined, arch: process.arch }),
  );
  if (recipe.kind === "module") {
    for (const file of ["main.go", "go.mod", "go.sum"]) hash.update(readFileSync(join(recipe.folder, file)));
  }
  return hash.digest("hex").slice(0, 12);
}
