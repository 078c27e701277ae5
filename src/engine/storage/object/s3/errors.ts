import type { ObjectStorageState } from "../../../../api/engine-report.ts";
import { EngineError, type ErrorCode } from "../../../errors.ts";

/** Meaning of an error that the service, the connection or the credential provider reports. */
interface Meaning {
  readonly code: ErrorCode;
  /** Error text for FTP clients. */
  readonly text: string;
  /** Storage state that the error indicates. The value is undefined if the error affects only one object. */
  readonly state?: ObjectStorageState;
  /** Whether a retry of the request can succeed. */
  readonly isTransient?: true;
}

const unavailable = { code: "StorageUnavailable", isTransient: true } as const;
const BUSY: Meaning = {
  ...unavailable,
  text: "The object storage is busy; try again later",
  state: "Failed",
};
const UNREACHABLE: Meaning = {
  ...unavailable,
  text: "The object storage cannot be reached; try again later",
  state: "EndpointUnreachable",
};
const UNTRUSTED: Meaning = {
  code: "StorageUnavailable",
  text: "The certificate of the object storage is not trusted",
  state: "EndpointNotTrusted",
};
const REJECTED: Meaning = {
  code: "StorageUnavailable",
  text: "The object storage rejected the credentials of this server",
  state: "CredentialsRejected",
};
const DENIED: Meaning = {
  code: "PermissionDenied",
  text: "The object storage denied access",
  state: "AccessDenied",
};
const ELSEWHERE: Meaning = {
  code: "StorageUnavailable",
  text: "The bucket is in another region",
  state: "WrongRegion",
};
const FULL: Meaning = { code: "NoSpace", text: "No space left in the object storage", state: "Full" };
const SKEWED: Meaning = {
  ...unavailable,
  text: "The clocks of this server and of the object storage differ",
  state: "ClockSkewed",
};
const DAMAGED: Meaning = {
  ...unavailable,
  text: "Data was corrupted during the transfer to the object storage",
};
const ABSENT: Meaning = { code: "NotFound", text: "No such file or directory" };
const CHANGED: Meaning = { code: "Conflict", text: "The file was changed concurrently" };
const BELOW_FILE: Meaning = { code: "NotADirectory", text: "Not a directory" };
const UNNAMEABLE: Meaning = { code: "NameNotAllowed", text: "The object storage does not allow this name" };

/** Meanings of the error codes from S3, STS, the SDK, Node.js and OpenSSL. No other module interprets these codes. */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  NoSuchKey: ABSENT,
  NotFound: ABSENT,
  NoSuchUpload: { code: "NotFound", text: "The incomplete upload has expired" },
  NoSuchBucket: { code: "StorageUnavailable", text: "The bucket does not exist", state: "BucketNotFound" },
  AccessDenied: DENIED,
  AllAccessDisabled: DENIED,
  AccountProblem: DENIED,
  InvalidAccessKeyId: REJECTED,
  SignatureDoesNotMatch: REJECTED,
  ExpiredToken: REJECTED,
  InvalidToken: REJECTED,
  InvalidTokenId: REJECTED,
  TokenRefreshRequired: REJECTED,
  InvalidClientTokenId: REJECTED,
  ExpiredTokenException: REJECTED,
  InvalidIdentityToken: REJECTED,
  InvalidIdentityTokenException: REJECTED,
  IDPRejectedClaim: REJECTED,
  CredentialsProviderError: REJECTED,
  TokenProviderError: REJECTED,
  RequestTimeTooSkewed: SKEWED,
  RequestExpired: SKEWED,
  SlowDown: BUSY,
  SlowDownRead: BUSY,
  SlowDownWrite: BUSY,
  ServiceUnavailable: BUSY,
  ThrottlingException: BUSY,
  TooManyRequests: BUSY,
  XMinioServerNotInitialized: BUSY,
  InternalError: BUSY,
  RequestTimeout: BUSY,
  OperationAborted: BUSY,
  ConditionalRequestConflict: BUSY,
  IncompleteBody: BUSY,
  PreconditionFailed: CHANGED,
  BadDigest: DAMAGED,
  InvalidDigest: DAMAGED,
  XAmzContentChecksumMismatch: DAMAGED,
  EntityTooLarge: { code: "NoSpace", text: "The file is too large for the object storage" },
  QuotaExceeded: FULL,
  XMinioStorageFull: FULL,
  XMinioAdminBucketQuotaExceeded: FULL,
  KeyTooLongError: UNNAMEABLE,
  XMinioInvalidObjectName: UNNAMEABLE,
  XMinioInvalidResourceName: UNNAMEABLE,
  InvalidRange: { code: "InvalidOffset", text: "The position is after the end of the file" },
  InvalidObjectState: {
    code: "PermissionDenied",
    text: "The file is archived; restore it in the bucket first",
  },
  // versitygw also reports this error while it removes an empty parent directory.
  ExistingObjectIsDirectory: { code: "IsADirectory", text: "Is a directory", isTransient: true },
  ObjectParentIsFile: BELOW_FILE,
  XMinioParentIsObject: BELOW_FILE,
  NotImplemented: { code: "NotSupported", text: "The object storage does not support this operation" },
  PermanentRedirect: ELSEWHERE,
  TemporaryRedirect: BUSY,
  AuthorizationHeaderMalformed: ELSEWHERE,
  IllegalLocationConstraintException: ELSEWHERE,
  TimeoutError: UNREACHABLE,
  AbortError: UNREACHABLE,
  ECONNREFUSED: UNREACHABLE,
  ECONNRESET: UNREACHABLE,
  EPIPE: UNREACHABLE,
  ETIMEDOUT: UNREACHABLE,
  ENOTFOUND: UNREACHABLE,
  EAI_AGAIN: UNREACHABLE,
  EAI_FAIL: UNREACHABLE,
  EHOSTUNREACH: UNREACHABLE,
  ENETUNREACH: UNREACHABLE,
  EPROTO: UNREACHABLE,
  ERR_STREAM_PREMATURE_CLOSE: UNREACHABLE,
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  DEPTH_ZERO_SELF_SIGNED_CERT: UNTRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNTRUSTED,
  CERT_HAS_EXPIRED: UNTRUSTED,
  CERT_NOT_YET_VALID: UNTRUSTED,
  CERT_SIGNATURE_FAILURE: UNTRUSTED,
  CERT_CHAIN_TOO_LONG: UNTRUSTED,
  CERT_UNTRUSTED: UNTRUSTED,
  CERT_REJECTED: UNTRUSTED,
  INVALID_CA: UNTRUSTED,
  INVALID_PURPOSE: UNTRUSTED,
  PATH_LENGTH_EXCEEDED: UNTRUSTED,
  ERR_TLS_CERT_ALTNAME_INVALID: UNTRUSTED,
};

/**
 * Error codes, keyed by HTTP status. The engine uses these codes for responses without a body, such as responses to
 * HEAD, and for unknown S3 error codes.
 */
const BY_STATUS: Readonly<Record<number, string>> = {
  301: "PermanentRedirect",
  307: "TemporaryRedirect",
  401: "InvalidAccessKeyId",
  403: "AccessDenied",
  404: "NotFound",
  408: "RequestTimeout",
  409: "OperationAborted",
  412: "PreconditionFailed",
  416: "InvalidRange",
  429: "TooManyRequests",
};

const UNKNOWN: Meaning = { code: "Internal", text: "Error of the object storage", state: "Failed" };

/** A failed request. */
export interface S3Failure {
  readonly error: EngineError;
  /** Error code from S3, the SDK, Node.js or OpenSSL. */
  readonly s3Code: string;
  readonly state: ObjectStorageState | undefined;
  readonly isTransient: boolean;
}

/** Returns the failure that describes a value thrown by the SDK or a stream. */
export function explainFailure(thrown: unknown): S3Failure {
  const s3Code = codeOf(thrown);
  const { code, text, state, isTransient = false } = MEANINGS[s3Code] ?? UNKNOWN;
  return { error: new EngineError(code, text, { cause: thrown }), s3Code, state, isTransient };
}

/** Returns whether an error has no known reason, because the response to a HEAD request has no body. */
export function lacksReason(error: unknown): boolean {
  const cause = error instanceof EngineError ? error.cause : undefined;
  if (typeof cause !== "object" || cause === null) return false;
  const status = statusOf(cause);
  return status === 400 || status === 401 || status === 403;
}

function codeOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return "UNKNOWN";
  const named = [field(thrown, "Code"), thrown.name, field(thrown, "code")].find(isKnown);
  if (named !== undefined) return named;
  const status = statusOf(thrown);
  if (status !== undefined) return BY_STATUS[status] ?? (status >= 500 ? "InternalError" : thrown.name);
  return thrown.cause instanceof Error ? codeOf(thrown.cause) : thrown.name;
}

function isKnown(name: unknown): name is string {
  return typeof name === "string" && Object.hasOwn(MEANINGS, name);
}

function statusOf(thrown: object): number | undefined {
  const metadata = field(thrown, "$metadata");
  const status =
    typeof metadata === "object" && metadata !== null ? field(metadata, "httpStatusCode") : undefined;
  return typeof status === "number" ? status : undefined;
}

function field(value: object, name: string): unknown {
  return Reflect.get(value, name);
}
