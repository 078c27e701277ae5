import { dirname } from "node:path/posix";
import { ADMIN_SOCKET, DRAIN_WITHIN_VARIABLE } from "../../api/engine-config.ts";
import {
  childNames,
  CONTAINER_CONTROL_PORT,
  CONTAINER_METRICS_PORT,
  CONTROL_PORT_NAME,
  METRICS_PORT_NAME,
  passivePortName,
  selectorLabels,
  serverLabels,
  slotSelectorLabels,
} from "../../api/names.ts";
import { maxReplicasOf } from "../../api/replicas.ts";
import type { FtpServerSpec } from "../../api/ftpserver.generated.ts";
import { TEMPLATE_HASH_ANNOTATION } from "../model/annotations.ts";
import type { Context } from "../model/decision.ts";
import { trafficPolicy } from "../network/traffic-policy.ts";
import { hashOf } from "../../common/canonical-json.ts";
import { formatRange, portsOf } from "../model/port-ranges.ts";
import type { Slice } from "../model/port-ranges.ts";
import type { ContainerPort, PodSpec, PodTemplate } from "../model/objects.ts";
import { podChildMetadata } from "./pod-metadata.ts";
import {
  CLIENT_AUTHORITIES_DIRECTORY,
  ENGINE_CONFIG_DIRECTORY,
  ENGINE_CONFIG_KEY,
  ENGINE_CONTAINER,
  TLS_DIRECTORY,
} from "./engine-pod.ts";
import { buildPodSecurityContext, secretFileMode } from "./security-context.ts";
import { storageLimitVariable, storageMount, storageVolume } from "./storage-volume.ts";

/** From the end of the drain period to the kill: the engine closes what is left and exits. */
const TERMINATION_MARGIN_SECONDS = 15;
const HOSTNAME_TOPOLOGY = "kubernetes.io/hostname";
const CONFIG_VOLUME = "config";
const ADMIN_VOLUME = "admin";

/** Returns the pod template of one slot, marked with a hash of everything that requires a replacement of the pod. */
export function buildPodTemplate(context: Context, slice: Slice): PodTemplate {
  const { metadata } = context.spec.pod;
  const { name } = context.server.metadata;
  const template: PodTemplate = {
    metadata: {
      labels: { ...metadata?.labels, ...serverLabels(name), ...slotSelectorLabels(name, slice.name) },
      annotations: { ...metadata?.annotations },
    },
    spec: buildPodSpec(context, slice),
  };
  const { labels, annotations } = template.metadata;
  const common = podChildMetadata(context.spec);
  return {
    ...template,
    metadata: {
      labels: { ...common.labels, ...labels },
      annotations: { ...common.annotations, ...annotations, [TEMPLATE_HASH_ANNOTATION]: hashOf(template) },
    },
  };
}

function buildPodSpec(context: Context, slice: Slice): PodSpec {
  const { spec, server } = context;
  return {
    serviceAccountName: childNames.serviceAccount(server.metadata.name),
    automountServiceAccountToken: false,
    // Each port of each Service of the namespace would add five environment variables.
    enableServiceLinks: false,
    terminationGracePeriodSeconds: longestDrain(spec.rollout) + TERMINATION_MARGIN_SECONDS,
    securityContext: buildPodSecurityContext(spec),
    containers: [buildContainer(context, slice)],
    volumes: [
      configVolume(context),
      storageVolume(context),
      // A socket takes no room.
      { name: ADMIN_VOLUME, emptyDir: { sizeLimit: "1Mi" } },
      ...tlsVolumes(context).map((volume) => volumeOf(volume, secretFileMode(spec))),
    ],
    ...placement(context),
  };
}

/** Seconds from SIGTERM until the engine has ended its last session. */
function longestDrain({ handOverSeconds, drainPeriodSeconds }: FtpServerSpec["rollout"]): number {
  return handOverSeconds + drainPeriodSeconds;
}

function buildContainer(context: Context, slice: Slice): PodSpec["containers"][number] {
  const { spec, observed } = context;
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
    // The pod's grace period is fixed, and the periods in the configuration change under a pod that runs. No argument, as an image
    // that is older and pinned would not start with one that it does not know.
    env: [
      { name: DRAIN_WITHIN_VARIABLE, value: `${longestDrain(spec.rollout)}` },
      ...storageLimitVariable(context),
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
    volumeMounts: [
      // The directory, not the file: kubelet never updates a subPath mount.
      { name: CONFIG_VOLUME, mountPath: ENGINE_CONFIG_DIRECTORY, readOnly: true },
      storageMount(spec),
      { name: ADMIN_VOLUME, mountPath: dirname(ADMIN_SOCKET) },
      ...tlsVolumes(context).map(({ name, mountPath }) => ({ name, mountPath, readOnly: true })),
    ],
  };
}

function probe(path: string): { httpGet: { path: string; port: string } } {
  return { httpGet: { path, port: METRICS_PORT_NAME } };
}

/** The passive ports of this slot and of no other: these names are what routes each port to its pod. */
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

function configVolume({ server, spec }: Context): object {
  const secretName = childNames.configSecret(server.metadata.name);
  return { name: CONFIG_VOLUME, secret: { secretName, defaultMode: secretFileMode(spec) } };
}

interface TlsVolume {
  name: string;
  kind: "Secret" | "ConfigMap";
  /** Of the object. */
  objectName: string;
  mountPath: string;
}

/** The pods mount certificates themselves: keys never pass through the operator's own objects. */
function tlsVolumes({ spec: { tls } }: Context): TlsVolume[] {
  const { mode, certificateRef, clientCertificates } = tls;
  if (mode === "Disabled") return [];
  const caRef = clientCertificates.mode === "Disabled" ? undefined : clientCertificates.caRef;
  return [
    ...volumeFor("tls", TLS_DIRECTORY, certificateRef && { kind: "Secret", ...certificateRef }),
    ...volumeFor("client-authorities", CLIENT_AUTHORITIES_DIRECTORY, caRef),
  ];
}

function volumeFor(
  name: string,
  mountPath: string,
  reference: { kind: TlsVolume["kind"]; name: string } | undefined,
): TlsVolume[] {
  if (reference === undefined) return [];
  return [{ name, mountPath, kind: reference.kind, objectName: reference.name }];
}

function volumeOf({ name, kind, objectName }: TlsVolume, defaultMode: number): object {
  return kind === "Secret"
    ? { name, secret: { secretName: objectName, defaultMode } }
    : { name, configMap: { name: objectName, defaultMode } };
}

/** Fields that the user sets on the pod, and defaults for its placement. A field of the user replaces the default. */
function placement({ spec, server }: Context): object {
  const { pod } = spec;
  const { nodeSelector, tolerations, priorityClassName, imagePullSecrets } = pod;
  const { runtimeClassName, schedulerName, dnsConfig, hostAliases } = pod;
  const labelSelector = { matchLabels: selectorLabels(server.metadata.name) };
  // Under Local a pod on another node than its siblings would get no passive connection.
  const besideSiblings = {
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
  const affinity = pod.affinity ?? (local ? besideSiblings : undefined);
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
