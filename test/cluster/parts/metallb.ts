/** The load balancer: MetalLB from its published manifest. */
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { type Family, NETWORKS } from "../families.ts";
import { programFile } from "../programs.ts";

const metallbManifest = (): string => programFile("metallb", "metallb-native.yaml");

export interface ManifestImage {
  /** Reference in the manifest, with registry and tag. */
  readonly reference: string;
  /** Last part of the name, which is the name of the program. */
  readonly program: string;
}

/** The images of the manifest. They are built with the same names. */
export async function metallbImages(): Promise<ManifestImage[]> {
  return imagesOf(await readFile(metallbManifest(), "utf8"));
}

/** Returns each image of a manifest once. */
export function imagesOf(manifest: string): ManifestImage[] {
  const references = [...manifest.matchAll(/^\s*(?:- )?image: "?([^"\s]+)"?\s*$/gm)].map(
    ([, reference = ""]) => reference,
  );
  return [...new Set(references)].map((reference) => {
    const [, program = ""] = /([^/:]+)(?::[^/:]+)?$/.exec(reference.split("@")[0] ?? "") ?? [];
    return { reference, program };
  });
}

/**
 * Returns the published manifest with the key by which the speakers recognize each other. The controller creates a missing key,
 * but kubelet waits up to 16 seconds before it restarts a speaker. Probes start after one second instead of ten, with the
 * same total failure time.
 */
export async function metallbObjects(): Promise<string> {
  const published = await readFile(metallbManifest(), "utf8");
  const key = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "memberlist", namespace: "metallb-system" },
    stringData: { secretkey: randomBytes(128).toString("base64") },
  };
  return `${withPromptProbes(published)}\n---\n${JSON.stringify(key)}\n`;
}

/** Changes probes with a period of ten seconds to a period of one second. */
export function withPromptProbes(manifest: string): string {
  return manifest
    .replaceAll(/^( *(?:initialDelaySeconds|periodSeconds)): 10$/gm, "$1: 1")
    .replaceAll(/^( *failureThreshold): 3$/gm, "$1: 30");
}

/** Address pool of the load balancer, announced by ARP and NDP on the only interface of the nodes. */
export function metallbPool(families: readonly Family[]): string {
  const addresses = families.map((family) => NETWORKS[family].balancer);
  const metadata = { name: "lan", namespace: "metallb-system" };
  const apiVersion = "metallb.io/v1beta1";
  const items = [
    { apiVersion, kind: "IPAddressPool", metadata, spec: { addresses } },
    { apiVersion, kind: "L2Advertisement", metadata, spec: { interfaces: ["eth0"] } },
  ];
  return JSON.stringify({ apiVersion: "v1", kind: "List", items });
}
