import type { NotificationEvent } from "../../api/engine-notifications.ts";
import type { FileChecksum } from "../storage/storage.ts";

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
  /**
   * `name` is a name from `spec.additionalStorage[].name`. If `name` is undefined, `spec.storage` defines the volume.
   */
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
