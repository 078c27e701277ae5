import { childNames, SLOT_LABEL, slotSelectorLabels } from "../../api/names.ts";
import type { Context } from "../model/decision.ts";
import type { Slice } from "../model/port-ranges.ts";
import type { StatefulSet } from "../model/objects.ts";
import { childMetadata } from "./child-metadata.ts";
import { buildPodTemplate } from "./pod-template.ts";

/** The one pod of a slot, or none yet. A StatefulSet never has two pods of one name, so a port never has two owners. */
export function buildStatefulSet(context: Context, slice: Slice, replicas: 0 | 1): StatefulSet {
  const { server } = context;
  const { name } = server.metadata;
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: childMetadata(server, childNames.statefulSet(name, slice.name), {
      labels: { [SLOT_LABEL]: slice.name },
    }),
    spec: {
      replicas,
      serviceName: childNames.service(name),
      selector: { matchLabels: slotSelectorLabels(name, slice.name) },
      podManagementPolicy: "Parallel",
      // The plan replaces pods slot by slot; and a new pod then always has the newest template.
      updateStrategy: { type: "OnDelete" },
      template: buildPodTemplate(context, slice),
    },
  };
}

/** The same StatefulSet without a pod. Its template stays, as it no longer has to match any wish. */
export function scaleToZero(context: Context, observed: StatefulSet): StatefulSet {
  const slot = observed.metadata.labels?.[SLOT_LABEL] ?? "";
  return {
    apiVersion: observed.apiVersion,
    kind: observed.kind,
    metadata: childMetadata(context.server, observed.metadata.name, { labels: { [SLOT_LABEL]: slot } }),
    spec: { ...observed.spec, replicas: 0 },
  };
}
