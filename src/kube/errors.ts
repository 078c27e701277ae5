/**
 * Reason for a failed call, from the field `reason` of the Status object. `Unreachable` and `Aborted` mean that the API
 * server sent no response.
 */
export type KubeErrorReason =
  | "AlreadyExists"
  | "BadRequest"
  | "Conflict"
  | "Expired"
  | "Forbidden"
  | "Gone"
  | "InternalError"
  | "Invalid"
  | "MethodNotAllowed"
  | "NotFound"
  | "ServerTimeout"
  | "ServiceUnavailable"
  | "Timeout"
  | "TooManyRequests"
  | "Unauthorized"
  | "Unknown"
  /** The connection failed or broke, or the TLS handshake failed. */
  | "Unreachable"
  /** A deadline or an abort signal in the operator ended the call. */
  | "Aborted";

/** Fields of `metav1.Status` that the client reads. */
export interface Status {
  kind?: string;
  message?: string;
  reason?: string;
  code?: number;
  details?: { retryAfterSeconds?: number; causes?: { reason?: string }[] };
}

/** Failed call to the API server. Calls to the API server fail with no other error type. */
export class KubeError extends Error {
  readonly reason: KubeErrorReason;
  /** HTTP status, or 0 if the API server sent no response. */
  readonly status: number;
  /** Value of the `Retry-After` header. */
  readonly retryAfterSeconds: number | undefined;
  /** Reasons from all causes in the Status object, for example `NamespaceTerminating`. */
  readonly causes: readonly string[];

  constructor(
    reason: KubeErrorReason,
    message: string,
    options: {
      status?: number;
      retryAfterSeconds?: number | undefined;
      causes?: readonly string[];
      cause?: unknown;
    } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = "KubeError";
    this.reason = reason;
    this.status = options.status ?? 0;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.causes = options.causes ?? [];
  }
}

/** Reasons for responses that contain no reason, keyed by HTTP status. */
const BY_STATUS: Readonly<Record<number, KubeErrorReason>> = {
  400: "BadRequest",
  401: "Unauthorized",
  403: "Forbidden",
  404: "NotFound",
  405: "MethodNotAllowed",
  409: "Conflict",
  410: "Gone",
  422: "Invalid",
  429: "TooManyRequests",
  500: "InternalError",
  503: "ServiceUnavailable",
  504: "Timeout",
};

const KNOWN: ReadonlySet<string> = new Set<KubeErrorReason>([
  ...Object.values(BY_STATUS),
  "AlreadyExists",
  "Expired",
  "ServerTimeout",
]);

function isKnown(reason: string): reason is KubeErrorReason {
  return KNOWN.has(reason);
}

/** Returns the error for an HTTP status outside 2xx or for an ERROR watch event. */
export function fromStatus(httpStatus: number, body: Status | undefined, retryAfter?: string): KubeError {
  const reason = body?.reason ?? "";
  const seconds = Number(retryAfter ?? body?.details?.retryAfterSeconds);
  return new KubeError(
    isKnown(reason) ? reason : (BY_STATUS[httpStatus] ?? "Unknown"),
    body?.message ?? `HTTP status ${httpStatus}`,
    {
      status: httpStatus,
      retryAfterSeconds: Number.isFinite(seconds) ? seconds : undefined,
      causes: causesOf(body),
    },
  );
}

function causesOf(body: Status | undefined): string[] {
  const causes = body?.details?.causes ?? [];
  return causes.flatMap(({ reason }) => reason ?? []);
}

/** Converts an exception from the HTTP library to a KubeError. Returns a KubeError unchanged. */
export function fromThrown(thrown: unknown): KubeError {
  if (thrown instanceof KubeError) return thrown;
  const { name, message } = thrown instanceof Error ? thrown : { name: "", message: String(thrown) };
  const aborted = name === "AbortError" || name === "TimeoutError";
  return new KubeError(aborted ? "Aborted" : "Unreachable", message, { cause: thrown });
}

/**
 * Returns the delay in milliseconds that the API server requested with `Retry-After`. Returns 0 without this header.
 */
export function retryAfterMilliseconds(error: unknown): number {
  return error instanceof KubeError ? Math.max(error.retryAfterSeconds ?? 0, 0) * 1000 : 0;
}

/**
 * Returns whether the resource version of a watch is too old. If the version is too old, the operator must list the
 * objects again.
 */
export function isExpired(error: unknown): boolean {
  return error instanceof KubeError && (error.reason === "Expired" || error.reason === "Gone");
}

/** Returns whether the API server rejected a new object because its namespace is being deleted. */
export function isNamespaceTerminating(error: unknown): boolean {
  return error instanceof KubeError && error.causes.includes("NamespaceTerminating");
}
