import type * as cloudevents from "cloudevents";
import type { CloudEventJson } from "../cloud-event.ts";

/** The official CloudEvents SDK. An engine without notifications does not load this SDK. */
export type Sdk = Pick<typeof cloudevents, "CloudEvent" | "HTTP">;

/** Body and headers of a request. */
export interface HttpMessage {
  headers: Record<string, string>;
  body: string;
}

/**
 * Characters that the engine encodes in an attribute value for a header (CloudEvents HTTP protocol binding 1.0, section
 * 3.1.3.2).
 */
const ENCODED = /[^\u0021\u0023\u0024\u0026-\u007e]/gu;

/** Returns the request for an event in structured or binary content mode. */
export function toMessage(
  { CloudEvent, HTTP }: Sdk,
  event: CloudEventJson,
  mode: "Structured" | "Binary",
): HttpMessage {
  const cloudEvent = new CloudEvent({ ...event });
  const { headers, body } = mode === "Structured" ? HTTP.structured(cloudEvent) : HTTP.binary(cloudEvent);
  const encoded = Object.entries(headers).map(([name, value]): [string, string] => [
    name,
    name.startsWith("ce-") ? encodeAttribute(String(value)) : String(value),
  ]);
  return { headers: Object.fromEntries(encoded), body: String(body) };
}

/** Encodes an attribute value for a header. The SDK does not encode attribute values. */
function encodeAttribute(value: string): string {
  return value.replace(ENCODED, (character) =>
    [...Buffer.from(character)]
      .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`)
      .join(""),
  );
}
