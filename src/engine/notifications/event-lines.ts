import type { EngineConfig } from "../../api/engine-config.ts";
import { encodeText, hasEscapedBytes } from "../../common/escaped-bytes.ts";
import { logText } from "../protocol/reply.ts";
import { CLOUD_EVENT_TYPES, type EventOrigin, type StorageLocation } from "./cloud-event.ts";
import { type EngineEvent, type FileEvent, isLogin, userOf } from "./event.ts";
import { locationOf } from "./location.ts";

/** Text that is the same in JSON, and that `logText` does not change. */
const PLAIN = /^[ !#-[\]-~]*$/u;

/** ID and time of an event. */
export interface Occurrence {
  /** UUID. */
  id: string;
  time: Date;
}

/**
 * Builds the log lines of an engine. A line is the JSON text of a `StoredEvent`. This class concatenates strings,
 * because each upload waits for its line and `JSON.stringify` takes longer (decision 0015).
 */
export class EventLines {
  readonly #storages: Pick<EngineConfig, "storage" | "additionalStorage">;
  /** JSON text of values that are the same for all events. */
  readonly #source: string;
  readonly #origin: string;

  constructor(
    { source, namespace, server, slot }: EventOrigin,
    storages: Pick<EngineConfig, "storage" | "additionalStorage">,
  ) {
    this.#storages = storages;
    this.#source = jsonOf(source);
    const ownSlot = slot === undefined ? "" : `,"slot":${jsonOf(slot)}`;
    this.#origin = `"namespace":${jsonOf(namespace)},"server":${jsonOf(server)}${ownSlot}`;
  }

  /** Returns the line for an event, without a line break. */
  lineOf(event: EngineEvent, occurrence: Occurrence): string {
    const user = shown(userOf(event));
    if (isLogin(event)) {
      const reason = event.reason === undefined ? "" : `,"reason":${jsonOf(event.reason)}`;
      return this.#lineOf(event, occurrence, { keys: "", subject: user, user, details: reason });
    }
    const location = locationOf(this.#storages, event);
    const subject = shown(location.type === "Volume" ? location.path : location.key);
    const details = fileDetails(event, location, subject);
    return this.#lineOf(event, occurrence, { keys: this.#keysOf(event, location), subject, user, details });
  }

  #lineOf(
    { type, client }: EngineEvent,
    { id, time }: Occurrence,
    { keys, subject, user, details }: Record<"keys" | "subject" | "user" | "details", string>,
  ): string {
    return `{"keys":[${keys}],"event":{"specversion":"1.0","id":"${id}","source":${this.#source},"type":"${CLOUD_EVENT_TYPES[type]}","time":"${time.toISOString()}","datacontenttype":"application/json","subject":${subject},"data":{${this.#origin},"user":${user},"clientAddress":${jsonOf(client)}${details}}}}`;
  }

  /**
   * Returns the keys that determine the delivery order of an event. A sink receives events with a common key in order.
   * Logins have no keys, because their order is not relevant.
   */
  #keysOf(event: FileEvent, location: StorageLocation): string {
    const key = jsonOf(keyOf(location));
    const { previousPath } = event;
    if (previousPath === undefined) return key;
    return `${key},${jsonOf(keyOf(locationOf(this.#storages, { ...event, path: previousPath })))}`;
  }
}

function keyOf(location: StorageLocation): string {
  return location.type === "Volume"
    ? `${location.name ?? ""}${location.path}`
    : `${location.bucket}/${location.key}`;
}

/** Returns the fields of a file event that follow the common fields. */
function fileDetails(event: FileEvent, location: StorageLocation, place: string): string {
  const { path, previousPath, size, checksum, transferredBytes, durationSeconds } = event;
  const bytes = hasEscapedBytes(path) ? `,"pathBytes":"${encodeText(path).toString("base64")}"` : "";
  const previous = previousPath === undefined ? "" : `,"previousPath":${shown(previousPath)}`;
  const sum = checksum === undefined ? "" : `,"checksum":${JSON.stringify(checksum)}`;
  return `,"path":${shown(path)}${bytes}${previous},"storage":${storageJson(location, place)}${numberField("size", size)}${sum}${numberField("transferredBytes", transferredBytes)}${numberField("durationSeconds", durationSeconds)}`;
}

/** @param place JSON text of the path or key */
function storageJson(location: StorageLocation, place: string): string {
  if (location.type === "ObjectStorage")
    return `{"type":"ObjectStorage","bucket":${jsonOf(location.bucket)},"key":${place}}`;
  const name = location.name === undefined ? "" : `"name":${jsonOf(location.name)},`;
  return `{"type":"Volume",${name}"path":${place}}`;
}

function numberField(name: string, value: number | undefined): string {
  return value === undefined ? "" : `,"${name}":${value}`;
}

/** Returns the JSON text of a string. */
function jsonOf(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}

/** Returns the JSON text of a string from a client, in the format of `logText`. */
function shown(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(logText(text));
}
