/** The load balancer: MetalLB, from its own manifest as it is published. */
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { type Family, NETWORKS } from "../families.ts";
import { programFile } from "../programs.ts";

const metallbManifest = (): string => programFile("metallb", "metallb-native.yaml");

export interface ManifestImage {
  /** As the manifest writes it, with registry and tag. */
  readonly reference: string;
  /** The last part of its name, which is the program's. */
  readonly program: string;
}

/** The images that the manifest asks for: we build them under just these names. */
export async function metallbImages(): Promise<ManifestImage[]> {
  return imagesOf(await readFile(metallbManifest(), "utf8"));
}

/** Every image named in a manifest, once. */
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
 * What is applied: the published manifest, and the key by which the speakers recognize each other. The controller makes a key where
 * there is none, but kubelet waits up to 16 seconds before it starts a speaker again. Probes begin after one second instead of ten, and
 * tolerate the same time of failure.
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

/** Makes probes that run every ten seconds run every second. */
export function withPromptProbes(manifest: string): string {
  return manifest
    .replaceAll(/^( *(?:initialDelaySeconds|periodSeconds)): 10$/gm, "$1: 1")
    .replaceAll(/^( *failureThreshold): 3$/gm, "$1: 30");
}

/** Addresses to hand out, announced by ARP and NDP on the nodes' only interface. */
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
