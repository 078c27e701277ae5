/** Notifications to the receiver outside the cluster, with the Secret for the receiver. */
import type { OutsideReceiver, ReceivedEvent } from "./outside-receiver.ts";

export const SECRETS = {
  authorization: "Bearer token-of-the-pipeline",
  hmac: "signature-key-of-the-pipeline",
};

/** Secret with the keys that the receiver requires, and with a wrong key. */
export const RECEIVER_SECRET = {
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: "pipeline" },
  stringData: { ...SECRETS, wrong: "Bearer wrong-token" },
};

/**
 * Returns a notification that refers to the Secrets for the receiver.
 * @param http fields of `sink.http` that replace the defaults
 */
export function notificationTo(
  receiver: OutsideReceiver,
  name: string,
  events: readonly string[],
  http: object = {},
): object {
  const secret = (key: string): object => ({ name: "pipeline", key });
  const headersFrom = [{ name: "Authorization", secretKeyRef: secret("authorization") }];
  const sink = { url: receiver.url("/events"), headersFrom, hmacSecretRef: secret("hmac"), ...http };
  return { name, events, sink: { type: "HTTP", http: sink } };
}

export function isEvent<T extends { event?: ReceivedEvent }>(
  request: T,
): request is T & { event: ReceivedEvent } {
  return request.event !== undefined;
}

export function isUploadOf({ type, data }: ReceivedEvent, name: string): boolean {
  return type === "io.ftp-operator.file.uploaded" && data["path"] === `/${name}`;
}
