import type { NotificationEvent } from "../../api/engine-notifications.ts";
import type { AccountWithHome } from "../auth/account.ts";
import type { FileChecksum } from "../storage/storage.ts";

/** Events about a file or directory. */
export type FileEventType = Exclude<NotificationEvent, LoginEventType>;
export type LoginEventType = "LoginSucceeded" | "LoginFailed";

/** Reason why a login failed. */
export type LoginFailure =
  | "Rejected"
  | "AccountDisabled"
  | "AccountExpired"
  | "StorageNotWritable"
  | "HomeUnavailable"
  | "SessionsPerUser";

export interface FileEvent {
  type: FileEventType;
  account: Pick<AccountWithHome, "name" | "homeDirectory" | "mounts">;
  client: string;
  /** Virtual path. */
  path: string;
  /** Virtual path before a rename. */
  previousPath?: string;
  /** File size in bytes after an upload or before a download. */
  size?: number | undefined;
  /** Checksum of the complete file. Undefined if the storage provides no checksum. */
  checksum?: FileChecksum | undefined;
  /** Number of bytes transferred over the data connection. */
  transferredBytes?: number;
  durationSeconds?: number;
}

export interface LoginEvent {
  type: LoginEventType;
  /** User name that the client sent. */
  user: string;
  client: string;
  reason?: LoginFailure;
}

/** Event that the engine can report to sinks. An event never contains a password. */
export type EngineEvent = FileEvent | LoginEvent;

/** Receives events from the engine. */
export interface EventRecorder {
  /** Returns whether a sink receives events of this type, so that the engine can skip unused events. */
  wants(type: NotificationEvent): boolean;
  /**
   * Stores an event for delivery. Returns undefined if the event is already stored or discarded, or if no sink receives
   * this event. Never rejects.
   */
  record(event: EngineEvent): Promise<void> | undefined;
}

/** Recorder for an engine without notifications. */
export const NO_RECORDER: EventRecorder = { wants: () => false, record: () => undefined };

/** Returns the user name in an event. */
export function userOf(event: EngineEvent): string {
  return isLogin(event) ? event.user : event.account.name;
}

/** Returns whether an event reports a login. */
export function isLogin(event: EngineEvent): event is LoginEvent {
  return event.type === "LoginSucceeded" || event.type === "LoginFailed";
}
