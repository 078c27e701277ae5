import type { KubeObject } from "../api/kubernetes.ts";
import type { NodeAddresses } from "../plan/model/observed.ts";

/** `v1` Node, as far as it is read. */
export interface Node extends KubeObject {
  spec?: { providerID?: string };
  status?: {
    addresses?: { type: string; address: string }[];
    conditions?: { type: string; status: string }[];
  };
}

/** What the plan wants to know of a node. Nodes renew their status often; this stays the same while they do. */
export function nodeAddresses({ metadata, spec, status }: Node): NodeAddresses {
  const addresses = (status?.addresses ?? []).flatMap(({ type, address }) =>
    type === "InternalIP" || type === "ExternalIP" ? [{ type, address } as const] : [],
  );
  const ready =
    status?.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True") ?? false;
  const cloud = spec?.providerID?.split(":")[0];
  return { name: metadata.name, ready, addresses, ...(cloud !== undefined && { cloud }) };
}

/** As much of a node as is looked at; its list of images alone is many kilobytes. */
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

/** Whether two states of a node are one to the plan. */
export function sameAddresses(a: Node, b: Node): boolean {
  return JSON.stringify(nodeAddresses(a)) === JSON.stringify(nodeAddresses(b));
}
