import { childNames, selectorLabels } from "../../api/names.ts";
import type { Context } from "../model/decision.ts";
import type { PodDisruptionBudget } from "../model/objects.ts";
import { childMetadata } from "./child-metadata.ts";

/**
 * One pod at a time may be evicted: Kubernetes adds up the slots' StatefulSets. A server of one replica can be evicted
 * too, or no node could ever be emptied; its sessions drain while the next pod starts. Broken pods never block.
 */
export function buildPodDisruptionBudget({ server }: Context): PodDisruptionBudget {
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: childMetadata(server, childNames.podDisruptionBudget(server.metadata.name)),
    spec: {
      maxUnavailable: 1,
      unhealthyPodEvictionPolicy: "AlwaysAllow",
      selector: { matchLabels: selectorLabels(server.metadata.name) },
    },
  };
}
