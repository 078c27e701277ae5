import type { Decision, Desired } from "../model/decision.ts";
import { buildPodMetadata } from "./child-metadata.ts";
import { buildConfigSecret, buildEngineConfig } from "./config-secret.ts";
import { buildNetworkPolicy } from "./network-policy.ts";
import { buildPersistentVolumeClaim } from "./persistent-volume-claim.ts";
import { buildService } from "./service.ts";
import { buildPodDisruptionBudget, buildServiceAccount, buildStatefulSet } from "./workload.ts";

/** Functions that build the child objects. Only {@link buildDesired} calls these functions. */
export const BUILDERS = {
  config: buildEngineConfig,
  configSecret: buildConfigSecret,
  networkPolicy: buildNetworkPolicy,
  persistentVolumeClaim: buildPersistentVolumeClaim,
  podDisruptionBudget: buildPodDisruptionBudget,
  podMetadata: buildPodMetadata,
  service: buildService,
  serviceAccount: buildServiceAccount,
  statefulSet: buildStatefulSet,
} as const;

export type Builders = typeof BUILDERS;

/** Builds each child object exactly once. */
export function buildDesired(decision: Decision, build: Builders): Desired {
  const config = build.config(decision);
  const podMetadata = build.podMetadata(decision.spec);
  return {
    config,
    serviceAccount: build.serviceAccount(decision),
    configSecret: build.configSecret(decision, config),
    persistentVolumeClaim: build.persistentVolumeClaim(decision),
    networkPolicy: build.networkPolicy(decision),
    service: build.service(decision),
    podDisruptionBudget: build.podDisruptionBudget(decision),
    statefulSets: new Map(
      decision.slices.map((slice) => [slice.name, build.statefulSet(decision, slice, podMetadata)]),
    ),
    podMetadata,
  };
}
