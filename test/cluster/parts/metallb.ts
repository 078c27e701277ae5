/** Installs the load balancer MetalLB from its published manifest. */
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { type Family, NETWORKS } from "../families.ts";
import { programFile } from "../programs.ts";

const metallbManifest = (): string => programFile("metallb", "metallb-native.yaml");

export interface ManifestImage {
  /** Image reference in the manifest, with registry and tag. */
  readonly reference: string;
  /** Last part of the image name, which is also the program name. */
  readonly program: string;
}

/** Returns the images in the manifest. The cluster uses locally built images with the same names. */
export async function metallbImages(): Promise<ManifestImage[]> {
  return imagesOf(await readFile(metallbManifest(), "utf8"));
}

/** Returns the distinct images in a manifest. */
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
 * Returns the published manifest with faster probes and with the memberlist Secret, the shared key of the speakers.
 * Without this Secret, speakers fail at first, and the kubelet waits up to 16 seconds before it restarts a speaker.
 * The faster probes start after 1 second instead of 10 seconds, but a probe still fails after about 30 seconds.
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

/**
 * Changes the initial delay and the period of probes from 10 seconds to 1 second, and the failure threshold from 3 to
 * 30.
 */
export function withPromptProbes(manifest: string): string {
  return manifest
    .replaceAll(/^( *(?:initialDelaySeconds|periodSeconds)): 10$/gm, "$1: 1")
    .replaceAll(/^( *failureThreshold): 3$/gm, "$1: 30");
}

/**
 * Returns the address pool of the load balancer. The nodes announce these addresses by ARP and NDP on their only
 * interface.
 */
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
