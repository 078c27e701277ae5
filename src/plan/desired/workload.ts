/** Functions that build the StatefulSets and the objects that all pods share. */
import { childNames, SLOT_LABEL, selectorLabels, slotSelectorLabels } from "../../api/names.ts";
import type { Decision, PodChildMetadata, Slice } from "../model/decision.ts";
import type { PodDisruptionBudget, ServiceAccount, StatefulSet } from "../model/objects.ts";
import { childMetadata } from "./child-metadata.ts";
import { buildPodTemplate } from "./pod-template.ts";

/**
 * Returns the StatefulSet of a slot with one pod. A StatefulSet never has two pods with the same name, so two pods
 * never own the same passive port.
 */
export function buildStatefulSet(
  decision: Decision,
  slice: Slice,
  podMetadata: PodChildMetadata,
): StatefulSet {
  const { server } = decision;
  const { name } = server.metadata;
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: childMetadata(server, childNames.statefulSet(name, slice.name), {
      labels: { [SLOT_LABEL]: slice.name },
    }),
    spec: {
      replicas: 1,
      serviceName: childNames.service(name),
      selector: { matchLabels: slotSelectorLabels(name, slice.name) },
      podManagementPolicy: "Parallel",
      // The plan replaces pods one slot at a time. Every new pod uses the newest template.
      updateStrategy: { type: "OnDelete" },
      template: buildPodTemplate(decision, slice, podMetadata),
    },
  };
}

/** Returns a StatefulSet with zero replicas. The template stays unchanged, even when the template is outdated. */
export function scaleToZero({ server }: Decision, observed: StatefulSet): StatefulSet {
  const slot = observed.metadata.labels?.[SLOT_LABEL] ?? "";
  return {
    apiVersion: observed.apiVersion,
    kind: observed.kind,
    metadata: childMetadata(server, observed.metadata.name, { labels: { [SLOT_LABEL]: slot } }),
    spec: { ...observed.spec, replicas: 0 },
  };
}

/**
 * Returns the ServiceAccount for the pods, which has no permissions and no token. Returns undefined when
 * `spec.pod.serviceAccountName` names another ServiceAccount.
 */
export function buildServiceAccount({ server, spec }: Decision): ServiceAccount | undefined {
  const { serviceAccountName, serviceAccountAnnotations: annotations } = spec.pod;
  if (serviceAccountName !== undefined) return undefined;
  return {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: childMetadata(server, childNames.serviceAccount(server.metadata.name), {
      user: { annotations },
    }),
    automountServiceAccountToken: false,
  };
}

/**
 * Returns a PodDisruptionBudget that permits one eviction at a time. The limit applies to the pods in all StatefulSets
 * of the FtpServer together. Kubernetes can also evict the only pod of an FtpServer with one replica. Otherwise, the
 * node could not be drained. Kubernetes can always evict pods that are not ready.
 */
export function buildPodDisruptionBudget({ server }: Decision): PodDisruptionBudget {
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
