import type { SinkFailure } from "../../../api/notification-report.ts";

/**
 * Result of a request.
 * `Retry`: the sink can accept the event later, or after a configuration change.
 * `Rejected`: the sink will never accept this event.
 */
export type SinkResult =
  | { type: "Delivered" }
  | { type: "Retry"; reason: SinkFailure; status?: number; retryAfter?: number | undefined }
  | { type: "Rejected"; status: number };

/**
 * Failure reasons for client errors, keyed by status code. After these errors, a later request or a request with a
 * corrected configuration can succeed.
 */
const RETRIED: Readonly<Record<number, SinkFailure>> = {
  401: "Unauthorized",
  403: "Forbidden",
  404: "NotFound",
  407: "Unauthorized",
  408: "TimedOut",
  425: "Throttled",
  429: "Throttled",
};

/** @param retryAfter value of the `Retry-After` header */
export function resultOf(status: number, retryAfter: string | undefined, now: number): SinkResult {
  if (status >= 200 && status < 300) return { type: "Delivered" };
  if (status >= 300 && status < 400) return { type: "Retry", reason: "Redirected", status };
  const reason = status >= 500 ? "ServerError" : RETRIED[status];
  if (reason === undefined) return { type: "Rejected", status };
  return { type: "Retry", reason, status, retryAfter: millisecondsOf(retryAfter, now) };
}

/**
 * Returns the delay in milliseconds from a `Retry-After` header. The header contains seconds or an HTTP date (RFC 9110
 * section 10.2.3).
 */
function millisecondsOf(text: string | undefined, now: number): number | undefined {
  if (text === undefined) return undefined;
  const delay = /^\d{1,9}$/u.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isNaN(delay) ? undefined : Math.max(0, delay);
}

/** Failure reasons, keyed by system error code. */
const BY_CODE: Readonly<Record<string, SinkFailure>> = {
  ENOTFOUND: "NameNotResolved",
  EAI_AGAIN: "NameNotResolved",
  EAI_FAIL: "NameNotResolved",
  ENODATA: "NameNotResolved",
  ECONNREFUSED: "ConnectionRefused",
  ETIMEDOUT: "TimedOut",
  UND_ERR_CONNECT_TIMEOUT: "TimedOut",
  UND_ERR_HEADERS_TIMEOUT: "TimedOut",
  UND_ERR_BODY_TIMEOUT: "TimedOut",
};

/** Error code for a sink address that is not public. */
export const ADDRESS_DENIED = "ERR_ADDRESS_DENIED";

/** Error code for a Secret value that cannot be used. */
export const SECRET_INVALID = "ERR_SECRET_INVALID";

const TLS_CODE =
  /^(?:ERR_SSL_|ERR_TLS_|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH|INVALID_|PATH_LENGTH_|EPROTO)/u;

/** Returns the reason why a request failed without a response. */
export function failureOf(error: unknown): SinkFailure {
  const code = codeOf(error);
  if (code === ADDRESS_DENIED) return "AddressDenied";
  if (code === SECRET_INVALID) return "SecretInvalid";
  return BY_CODE[code] ?? (TLS_CODE.test(code) ? "TlsFailed" : "ConnectionFailed");
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  // If a name has several addresses, Node.js reports one error for each address.
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  return "code" in error ? String(error.code) : "";
}
