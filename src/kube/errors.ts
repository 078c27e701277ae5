/** Why a call to the API server failed: `reason` of its Status object, or ours where there was no answer. */
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
  /** No HTTP answer: connection refused, reset, or a TLS failure. */
  | "Unreachable"
  /** Our own deadline or signal ended the call. */
  | "Aborted";

/** `metav1.Status`, as far as it is read. */
export interface Status {
  kind?: string;
  message?: string;
  reason?: string;
  code?: number;
  details?: { retryAfterSeconds?: number; causes?: { reason?: string }[] };
}

/** The one error of the Kubernetes layer. */
export class KubeError extends Error {
  readonly reason: KubeErrorReason;
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** What the server asked us to wait, in seconds. */
  readonly retryAfterSeconds: number | undefined;
  /** Finer reasons, such as NamespaceTerminating. */
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

/** Reasons by HTTP status, for answers without a reason of their own. */
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

/** An answer outside 2xx, or an ERROR event of a watch, as an error. */
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

/** What a request threw before there was an answer, as an error. Nobody else looks at the HTTP library's codes. */
export function fromThrown(thrown: unknown): KubeError {
  if (thrown instanceof KubeError) return thrown;
  const { name, message } = thrown instanceof Error ? thrown : { name: "", message: String(thrown) };
  const aborted = name === "AbortError" || name === "TimeoutError";
  return new KubeError(aborted ? "Aborted" : "Unreachable", message, { cause: thrown });
}

/** What the server asked us to wait before the next try, in milliseconds; 0 when it did not. */
export function askedDelay(error: unknown): number {
  return error instanceof KubeError ? Math.max(error.retryAfterSeconds ?? 0, 0) * 1000 : 0;
}

/** Whether a watch has to start again from a list: its resource version is too old. */
export function isExpired(error: unknown): boolean {
  return error instanceof KubeError && (error.reason === "Expired" || error.reason === "Gone");
}

/** Whether a new object was refused because its namespace is being deleted, and everything in it with it. */
export function isNamespaceEnding(error: unknown): boolean {
  return error instanceof KubeError && error.causes.includes("NamespaceTerminating");
}
