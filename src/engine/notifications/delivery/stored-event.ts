import type { CloudEventJson } from "../cloud-event.ts";

/** Content of a log line: an event and the keys that determine its order. */
export interface StoredEvent {
  keys: string[];
  event: CloudEventJson;
}

/** Parses a line. Returns undefined for invalid text. */
export function parseStored(text: string): StoredEvent | undefined {
  try {
    const value: StoredEvent = JSON.parse(text);
    return Array.isArray(value.keys) && typeof value.event?.time === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}
