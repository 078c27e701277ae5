import type { KubeObject } from "../api/kubernetes.ts";
import type { NodeAddresses } from "../plan/model/observed.ts";

/** The fields of a `v1` Node that are read. */
export interface Node extends KubeObject {
  spec?: { providerID?: string };
  status?: {
    addresses?: { type: string; address: string }[];
    conditions?: { type: string; status: string }[];
  };
}

/** Returns the part of a node that plans depend on. It does not change when the kubelet only renews the status. */
export function nodeAddresses({ metadata, spec, status }: Node): NodeAddresses {
  const addresses = (status?.addresses ?? []).flatMap(({ type, address }) =>
    type === "InternalIP" || type === "ExternalIP" ? [{ type, address } as const] : [],
  );
  const ready =
    status?.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True") ?? false;
  const cloud = spec?.providerID?.split(":")[0];
  return { name: metadata.name, ready, addresses, ...(cloud !== undefined && { cloud }) };
}

/** Returns the part of a node to cache. The list of images of a node takes many kilobytes. */
export function trimNode({ apiVersion, kind, metadata, spec, status }: Node): Node {
  const { name, uid = "", resourceVersion = "" } = metadata;
  return {
    apiVersion,
    kind,
    metadata: { name, uid, resourceVersion },
    spec: spec?.providerID === undefined ? {} : { providerID: spec.providerID },
    status: {
      addresses: status?.addresses ?? [],
      conditions: (status?.conditions ?? []).filter(({ type }) => type === "Ready"),
    },
  };
}

/** Returns whether plans cannot distinguish two states of a node. */
export function sameAddresses(a: Node, b: Node): boolean {
  return JSON.stringify(nodeAddresses(a)) === JSON.stringify(nodeAddresses(b));
}
