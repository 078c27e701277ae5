/** Name of the directory for undelivered events in the storage root. Clients can neither use nor see this name. */
export const OUTBOX_DIRECTORY = ".ftp-operator-events";

/** Events that sinks can receive. */
export const NOTIFICATION_EVENTS = [
  "FileUploaded",
  "FileDownloaded",
  "FileDeleted",
  "FileRenamed",
  "DirectoryCreated",
  "DirectoryRemoved",
  "LoginSucceeded",
  "LoginFailed",
] as const;

export type NotificationEvent = (typeof NOTIFICATION_EVENTS)[number];

/** HTTP receiver of CloudEvents. */
export interface EngineHttpSink {
  type: "HTTP";
  url: string;
  /** Content mode of the CloudEvents HTTP protocol binding. */
  mode: "Structured" | "Binary";
  /** Additional request headers, whose values are in files. */
  headers: { name: string; file: string }[];
  /** PEM file with the CA certificates for the receiver. Defaults to the public CAs of Node.js. */
  caFile?: string;
  /** File with the key for request signatures. Without a key, requests have no signature. */
  hmacKeyFile?: string;
}

/** Delivery of events to one sink. */
export interface EngineNotification {
  /** DNS label. */
  name: string;
  events: NotificationEvent[];
  /** Patterns for virtual paths. An empty list includes all paths. */
  paths: string[];
  /** User names. An empty list includes all users. */
  users: string[];
  sink: EngineHttpSink;
}

export interface EngineNotifications {
  /** CloudEvents `source` attribute. */
  source: string;
  namespace: string;
  /** Name of the FtpServer. */
  server: string;
  /** Policy for loopback, link-local, private and other non-public addresses of sinks. */
  internalSinks: "Allow" | "Deny";
  /**
   * Directory for undelivered events. If this field is absent, the engine stores events in the bucket that `storage`
   * names.
   */
  outboxDirectory?: string;
  sinks: EngineNotification[];
}
