import { createHmac } from "node:crypto";

/** Prefix of a Base64-encoded key (Standard Webhooks). */
const BASE64_PREFIX = "whsec_";

/**
 * Returns the signature headers that the Standard Webhooks specification defines. The signature is an HMAC-SHA-256 of
 * the event ID, the request time and the body. A receiver can therefore reject modified requests and old requests.
 * @param key signing key, either as plain text or as `whsec_` followed by Base64
 */
export function signatureHeaders(key: string, id: string, body: string, now: number): Record<string, string> {
  const timestamp = String(Math.floor(now / 1000));
  const bytes = key.startsWith(BASE64_PREFIX)
    ? Buffer.from(key.slice(BASE64_PREFIX.length), "base64")
    : Buffer.from(key);
  const signature = createHmac("sha256", bytes).update(`${id}.${timestamp}.${body}`).digest("base64");
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": `v1,${signature}` };
}
