import type { KubeObject } from "../api/kubernetes.ts";
import type { NodeAddresses } from "../plan/model/observed.ts";

/** Fields of a `v1` Node that the operator reads. */
export interface Node extends KubeObject {
  spec?: { providerID?: string };
  status?: {
    addresses?: { type: string; address: string }[];
    conditions?: { type: string; status: string }[];
  };
}

/**
 * Returns the Node fields that plans depend on. The kubelet's periodic status updates do not change these fields.
 */
export function nodeAddresses({ metadata, spec, status }: Node): NodeAddresses {
  const addresses = (status?.addresses ?? []).flatMap(({ type, address }) =>
    type === "InternalIP" || type === "ExternalIP" ? [{ type, address } as const] : [],
  );
  const ready =
    status?.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True") ?? false;
  const cloud = spec?.providerID?.split(":")[0];
  return { name: metadata.name, ready, addresses, ...(cloud !== undefined && { cloud }) };
}

/** Returns the Node fields to cache. The omitted list of images alone can have a size of many kilobytes. */
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

/** Returns whether two states of a Node are equal for all plans. */
export function sameAddresses(a: Node, b: Node): boolean {
  return JSON.stringify(nodeAddresses(a)) === JSON.stringify(nodeAddresses(b));
}
