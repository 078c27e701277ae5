import type { NotificationEvent } from "../../api/engine-notifications.ts";
import { encodeText, hasEscapedBytes } from "../../common/escaped-bytes.ts";
import { logText } from "../protocol/reply.ts";
import type { FileChecksum } from "../storage/storage.ts";
import { type EngineEvent, type FileEvent, isLogin, userOf } from "./event.ts";

/** CloudEvents `type` attributes. Each type begins with the reversed API group. */
export const CLOUD_EVENT_TYPES: Readonly<Record<NotificationEvent, string>> = {
  FileUploaded: "io.ftp-operator.file.uploaded",
  FileDownloaded: "io.ftp-operator.file.downloaded",
  FileDeleted: "io.ftp-operator.file.deleted",
  FileRenamed: "io.ftp-operator.file.renamed",
  DirectoryCreated: "io.ftp-operator.directory.created",
  DirectoryRemoved: "io.ftp-operator.directory.removed",
  LoginSucceeded: "io.ftp-operator.login.succeeded",
  LoginFailed: "io.ftp-operator.login.failed",
};

/** Location of a file in storage. */
export type StorageLocation =
  /** `name` is the name in `spec.additionalStorage`. If `name` is undefined, `spec.storage` defines the volume. */
  { type: "Volume"; name?: string; path: string } | { type: "ObjectStorage"; bucket: string; key: string };

/** Values that are the same for all events of an engine. */
export interface EventOrigin {
  /** CloudEvents `source` attribute. */
  source: string;
  namespace: string;
  server: string;
  slot?: string | undefined;
}

/** Field `data` of an event. */
export interface EventData {
  namespace: string;
  server: string;
  slot?: string | undefined;
  user: string;
  clientAddress: string;
  path?: string;
  /** Bytes of `path` in Base64. Present only if the path is not valid UTF-8. */
  pathBytes?: string;
  previousPath?: string;
  storage?: StorageLocation;
  size?: number | undefined;
  checksum?: FileChecksum | undefined;
  transferredBytes?: number | undefined;
  durationSeconds?: number | undefined;
  reason?: string;
}

/** Event in the JSON format of CloudEvents 1.0. */
export interface CloudEventJson {
  specversion: "1.0";
  id: string;
  source: string;
  type: string;
  subject: string;
  time: string;
  datacontenttype: "application/json";
  data: EventData;
}

export interface Occurrence {
  id: string;
  time: Date;
  origin: EventOrigin;
  locationOf: (event: FileEvent) => StorageLocation;
}

/** Returns the CloudEvent for an engine event. */
export function toCloudEvent(
  event: EngineEvent,
  { id, time, origin, locationOf }: Occurrence,
): CloudEventJson {
  const { source, namespace, server, slot } = origin;
  const user = logText(userOf(event));
  const common = {
    namespace,
    server,
    ...(slot !== undefined && { slot }),
    user,
    clientAddress: event.client,
  };
  const attributes = {
    specversion: "1.0",
    id,
    source,
    type: CLOUD_EVENT_TYPES[event.type],
    time: time.toISOString(),
    datacontenttype: "application/json",
  } as const;
  if (isLogin(event)) {
    const { reason } = event;
    return { ...attributes, subject: user, data: { ...common, ...(reason !== undefined && { reason }) } };
  }
  const storage = locationOf(event);
  const subject = logText(storage.type === "Volume" ? storage.path : storage.key);
  return { ...attributes, subject, data: { ...common, ...fileData(event, storage) } };
}

function fileData(event: FileEvent, storage: StorageLocation): Partial<EventData> {
  const { path, previousPath, size, checksum, transferredBytes, durationSeconds } = event;
  const shown: StorageLocation =
    storage.type === "Volume"
      ? { ...storage, path: logText(storage.path) }
      : { ...storage, key: logText(storage.key) };
  return {
    path: logText(path),
    ...(hasEscapedBytes(path) && { pathBytes: encodeText(path).toString("base64") }),
    ...(previousPath !== undefined && { previousPath: logText(previousPath) }),
    storage: shown,
    size,
    checksum,
    transferredBytes,
    durationSeconds,
  };
}

/**
 * Returns the keys that determine the delivery order of an event. A sink receives events with a common key in order.
 * Logins have no keys, because their order is not relevant.
 */
export function orderKeysOf(event: EngineEvent, locationOf: Occurrence["locationOf"]): string[] {
  if (isLogin(event)) return [];
  const { previousPath } = event;
  const places = previousPath === undefined ? [event] : [event, { ...event, path: previousPath }];
  return places.map((place) => {
    const storage = locationOf(place);
    return storage.type === "Volume"
      ? `${storage.name ?? ""}${storage.path}`
      : `${storage.bucket}/${storage.key}`;
  });
}
