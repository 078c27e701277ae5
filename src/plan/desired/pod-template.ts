import { ADMIN_SOCKET, DRAIN_WITHIN_VARIABLE } from "../../api/engine-config.ts";
import type { FtpServerSpec } from "../../api/ftpserver.generated.ts";
import {
  childNames,
  CONTAINER_CONTROL_PORT,
  CONTAINER_METRICS_PORT,
  CONTROL_PORT_NAME,
  ENGINE_CONTAINER,
  METRICS_PORT_NAME,
  passivePortName,
  selectorLabels,
  serverLabels,
  slotSelectorLabels,
} from "../../api/names.ts";
import { maxReplicasOf } from "../../api/spec.ts";
import { hashOf } from "../../common/json.ts";
import type { Decision, PodChildMetadata, Slice } from "../model/decision.ts";
import { STORAGE_HASH_ANNOTATION, TEMPLATE_HASH_ANNOTATION } from "../model/objects.ts";
import type { ContainerPort, PodSpec, PodTemplate } from "../model/objects.ts";
import { formatRange, portsOf } from "../model/port-ranges.ts";
import { trafficPolicy } from "../network/traffic-policy.ts";
import {
  buildVolumeMounts,
  buildVolumes,
  ENGINE_CONFIG_DIRECTORY,
  ENGINE_CONFIG_KEY,
  storageLimitVariable,
} from "./pod-volumes.ts";
import { slotVariable } from "./notifications.ts";
import { buildPodSecurityContext } from "./security-context.ts";
import { bucketsOf, engineStorages } from "./storage-volumes.ts";

/**
 * Number of seconds between the end of the drain period and SIGKILL. During this time, the engine closes the remaining
 * sessions and exits.
 */
const TERMINATION_MARGIN_SECONDS = 15;
const HOSTNAME_TOPOLOGY = "kubernetes.io/hostname";

/**
 * Returns the pod template of a slot. An annotation contains the hash of all fields whose change requires a new pod.
 */
export function buildPodTemplate(
  decision: Decision,
  slice: Slice,
  podMetadata: PodChildMetadata,
): PodTemplate {
  const { metadata } = decision.spec.pod;
  const { name } = decision.server.metadata;
  const template: PodTemplate = {
    metadata: {
      labels: { ...metadata?.labels, ...serverLabels(name), ...slotSelectorLabels(name, slice.name) },
      annotations: { ...metadata?.annotations, ...storageAnnotation(decision) },
    },
    spec: buildPodSpec(decision, slice),
  };
  const { labels, annotations } = template.metadata;
  return {
    ...template,
    metadata: {
      labels: { ...podMetadata.labels, ...labels },
      annotations: {
        ...podMetadata.annotations,
        ...annotations,
        [TEMPLATE_HASH_ANNOTATION]: hashOf(template),
      },
    },
  };
}

/**
 * Returns the annotation that contains a hash of the bucket settings. A change to the annotation replaces the pods,
 * because an engine opens its storage only at startup.
 */
function storageAnnotation(decision: Decision): Record<string, string> {
  const buckets = bucketsOf(decision);
  return buckets.length === 0 ? {} : { [STORAGE_HASH_ANNOTATION]: hashOf(engineStorages(decision)) };
}

function buildPodSpec(decision: Decision, slice: Slice): PodSpec {
  const { spec, server } = decision;
  return {
    serviceAccountName: spec.pod.serviceAccountName ?? childNames.serviceAccount(server.metadata.name),
    automountServiceAccountToken: false,
    // With service links, every port of every Service in the namespace would add five environment variables.
    enableServiceLinks: false,
    terminationGracePeriodSeconds: longestDrain(spec.rollout) + TERMINATION_MARGIN_SECONDS,
    securityContext: buildPodSecurityContext(spec),
    containers: [buildContainer(decision, slice)],
    volumes: buildVolumes(decision),
    ...placement(decision),
  };
}

/** Returns the maximum number of seconds from SIGTERM until the engine ends its last session. */
function longestDrain({ handOverSeconds, drainPeriodSeconds }: FtpServerSpec["rollout"]): number {
  return handOverSeconds + drainPeriodSeconds;
}

function buildContainer(decision: Decision, slice: Slice): PodSpec["containers"][number] {
  const { spec, observed } = decision;
  const { settings } = observed;
  const { image = settings.engineImage, resources, env = [] } = spec.pod;
  return {
    name: ENGINE_CONTAINER,
    image,
    imagePullPolicy: settings.imagePullPolicy,
    args: [
      "engine",
      "--config",
      `${ENGINE_CONFIG_DIRECTORY}/${ENGINE_CONFIG_KEY}`,
      "--passive-ports",
      formatRange(slice.ports),
      "--admin-socket",
      ADMIN_SOCKET,
    ],
    // The grace period of a pod is fixed, but the periods in the engine configuration can change. An environment
    // variable sets the limit, because an older pinned image would not start with an unknown argument.
    env: [
      { name: DRAIN_WITHIN_VARIABLE, value: `${longestDrain(spec.rollout)}` },
      ...storageLimitVariable(decision),
      ...slotVariable(decision, slice),
      ...env,
    ],
    ports: containerPorts(spec.exposure, slice),
    resources,
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
    startupProbe: { ...probe("/healthz"), periodSeconds: 1, failureThreshold: 60 },
    livenessProbe: { ...probe("/healthz"), periodSeconds: 10, failureThreshold: 3, timeoutSeconds: 5 },
    readinessProbe: { ...probe("/readyz"), periodSeconds: 2, failureThreshold: 3, timeoutSeconds: 2 },
    volumeMounts: buildVolumeMounts(decision),
  };
}

function probe(path: string): { httpGet: { path: string; port: string } } {
  return { httpGet: { path, port: METRICS_PORT_NAME } };
}

/**
 * Returns the container ports: the control port, the metrics port and the passive ports of the slot. The Service routes
 * each passive port to the pod that declares its port name.
 */
function containerPorts({ type, controlPort }: FtpServerSpec["exposure"], slice: Slice): ContainerPort[] {
  const onHost = (port: ContainerPort, hostPort: number): ContainerPort =>
    type === "HostPort" ? { ...port, hostPort } : port;
  return [
    onHost(tcpPort(CONTROL_PORT_NAME, CONTAINER_CONTROL_PORT), controlPort),
    tcpPort(METRICS_PORT_NAME, CONTAINER_METRICS_PORT),
    ...portsOf(slice.ports).map((port) => onHost(tcpPort(passivePortName(port), port), port)),
  ];
}

function tcpPort(name: string, containerPort: number): ContainerPort {
  return { name, containerPort, protocol: "TCP" };
}

/**
 * Returns the pod fields that the spec sets, and the defaults for pod placement. A field in the spec overrides the
 * default.
 */
function placement({ spec, server }: Decision): object {
  const { pod } = spec;
  const { nodeSelector, tolerations, priorityClassName, imagePullSecrets } = pod;
  const { runtimeClassName, schedulerName, dnsConfig, hostAliases } = pod;
  const labelSelector = { matchLabels: selectorLabels(server.metadata.name) };
  // With the traffic policy `Local`, only pods on the node with the announced address receive passive data connections.
  const sameNode = {
    podAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [
        { weight: 100, podAffinityTerm: { labelSelector, topologyKey: HOSTNAME_TOPOLOGY } },
      ],
    },
  };
  const spread = [
    { maxSkew: 1, topologyKey: HOSTNAME_TOPOLOGY, whenUnsatisfiable: "ScheduleAnyway", labelSelector },
  ];
  const local = trafficPolicy(spec) === "Local";
  const affinity = pod.affinity ?? (local ? sameNode : undefined);
  const topologySpreadConstraints =
    pod.topologySpreadConstraints ?? (!local && maxReplicasOf(spec) > 1 ? spread : undefined);
  const fields = {
    nodeSelector,
    tolerations,
    priorityClassName,
    runtimeClassName,
    schedulerName,
    dnsPolicy: pod.dnsPolicy === "ClusterFirst" ? undefined : pod.dnsPolicy,
    dnsConfig,
    hostAliases,
    imagePullSecrets,
    affinity,
    topologySpreadConstraints,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
