import { SLOT_VARIABLE } from "../../api/engine-config.ts";
import {
  type EngineNotification,
  type EngineNotifications,
  OUTBOX_DIRECTORY,
} from "../../api/engine-notifications.ts";
import type {
  FtpServerNotification,
  FtpServerNotificationSinkHttp,
  FtpServerSpec,
} from "../../api/ftpserver.generated.ts";
import type { Decision, Slice } from "../model/decision.ts";
import type { EnvironmentVariable } from "../model/objects.ts";
import { secretFileMode } from "./security-context.ts";
import { STORAGE_PATH } from "./storage-volumes.ts";

/** Builds the volume with the values for sinks, and the notifications in the engine configuration. */

const VOLUME = "notifications";
/** Directory in the container that contains the values from Secrets and ConfigMaps. */
export const SINK_DIRECTORY = "/etc/ftp-operator/notifications";

/** File in the volume that contains the value of one key in a Secret or ConfigMap. */
interface SinkFile {
  kind: "Secret" | "ConfigMap";
  name: string;
  key: string;
  /** Path in the volume. */
  path: string;
}

/** Returns the files for all sinks. The operator never reads the content of these files. */
export function sinkFiles({ notifications }: Pick<FtpServerSpec, "notifications">): SinkFile[] {
  return notifications.flatMap(({ name, sink: { http } }) => (http === undefined ? [] : filesOf(name, http)));
}

function filesOf(
  notification: string,
  { headersFrom, hmacSecretRef, caRef }: FtpServerNotificationSinkHttp,
): SinkFile[] {
  return [
    ...headersFrom.map(({ name, secretKeyRef }) => ({
      kind: "Secret" as const,
      ...secretKeyRef,
      path: headerPath(notification, name),
    })),
    ...(hmacSecretRef ? [{ kind: "Secret" as const, ...hmacSecretRef, path: keyPath(notification) }] : []),
    ...(caRef ? [{ ...caRef, path: authoritiesPath(notification) }] : []),
  ];
}

function headerPath(notification: string, header: string): string {
  return `${notification}/headers/${header}`;
}

function keyPath(notification: string): string {
  return `${notification}/hmac-key`;
}

function authoritiesPath(notification: string): string {
  return `${notification}/ca.crt`;
}

/**
 * Returns the volume with the values for sinks. All sources are optional, so that a pod can start when a Secret or
 * ConfigMap is missing. The condition NotificationsDelivered reports missing objects.
 */
export function notificationVolumes(decision: Decision): object[] {
  const files = sinkFiles(decision.spec);
  if (files.length === 0) return [];
  const sources = files.map(({ kind, name, key, path }) => {
    const source = { name, optional: true, items: [{ key, path }] };
    return kind === "Secret" ? { secret: source } : { configMap: source };
  });
  return [{ name: VOLUME, projected: { defaultMode: secretFileMode(decision.spec), sources } }];
}

/** Returns the volume mounts for {@link notificationVolumes}. */
export function notificationMounts(decision: Decision): object[] {
  return sinkFiles(decision.spec).length === 0
    ? []
    : [{ name: VOLUME, mountPath: SINK_DIRECTORY, readOnly: true }];
}

/**
 * Returns the environment variable that contains the slot name for events. A pod without notifications does not have
 * this variable.
 */
export function slotVariable({ spec }: Decision, slice: Slice): EnvironmentVariable[] {
  return spec.notifications.length === 0 ? [] : [{ name: SLOT_VARIABLE, value: slice.name }];
}

/** Returns the URLs of all sinks. */
export function sinkUrls({ spec }: Decision): string[] {
  return spec.notifications.flatMap(({ sink: { http } }) => (http === undefined ? [] : [http.url]));
}

/** Returns whether the storage keeps undelivered events when a pod is deleted. */
export function keepsUndeliveredEvents({ storage }: Pick<Decision, "storage">): boolean {
  return storage.type !== "Ephemeral";
}

/** Returns the notification settings for the engine configuration. */
export function engineNotifications(decision: Decision): { notifications?: EngineNotifications } {
  const { server, spec, storage, observed } = decision;
  if (spec.notifications.length === 0) return {};
  const { name, namespace = "" } = server.metadata;
  return {
    notifications: {
      source: `/namespaces/${namespace}/ftpservers/${name}`,
      namespace,
      server: name,
      internalSinks: observed.settings.internalSinks ?? "Deny",
      // With object storage, the engine stores undelivered events in the bucket. On a volume, each FtpServer has a
      // separate directory, because several FtpServers can share a volume.
      ...(storage.type !== "ObjectStorage" && {
        outboxDirectory: `${STORAGE_PATH}/${OUTBOX_DIRECTORY}/${name}`,
      }),
      sinks: spec.notifications.flatMap(engineNotification),
    },
  };
}

function engineNotification({
  name,
  events,
  paths,
  users,
  sink: { type, http },
}: FtpServerNotification): EngineNotification[] {
  if (http === undefined) return [];
  const { url, mode, headersFrom, hmacSecretRef, caRef } = http;
  const headers = headersFrom.map((header) => ({
    name: header.name,
    file: `${SINK_DIRECTORY}/${headerPath(name, header.name)}`,
  }));
  return [
    {
      name,
      events,
      paths,
      users,
      sink: {
        type,
        url,
        mode,
        headers,
        ...(caRef && { caFile: `${SINK_DIRECTORY}/${authoritiesPath(name)}` }),
        ...(hmacSecretRef && { hmacKeyFile: `${SINK_DIRECTORY}/${keyPath(name)}` }),
      },
    },
  ];
}
