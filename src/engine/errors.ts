/** Engine error codes. `protocol/reply.ts` maps the codes to FTP replies. */
export type ErrorCode =
  | "NotFound"
  | "AlreadyExists"
  | "NotADirectory"
  | "IsADirectory"
  | "DirectoryNotEmpty"
  | "PermissionDenied"
  | "StorageNotWritable"
  | "StorageUnavailable"
  | "NotSupported"
  | "Conflict"
  | "NameNotAllowed"
  | "AmbiguousName"
  | "NoSpace"
  | "QuotaExceeded"
  | "InvalidData"
  | "InvalidOffset"
  | "ListingTooLong"
  | "TooManyOpenFiles"
  | "TooManyJobs"
  | "TooManyTransfers"
  | "ConnectionLost"
  | "DataConnectionFailed"
  | "PassivePortsExhausted"
  | "TimedOut"
  | "TooManyLogins"
  | "Aborted"
  | "InvalidConfig"
  | "Internal";

/**
 * Error whose code determines the code of the FTP reply. Clients can read `message`, so a message contains no path
 * outside the home directory. The message of an `InvalidConfig` error is for administrators and can contain such a
 * path.
 */
export class EngineError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "EngineError";
    this.code = code;
  }
}

/** Engine error code and message, keyed by system or zlib error code. No other module evaluates these codes. */
const FROM_SYSTEM: Readonly<Record<string, [ErrorCode, string]>> = {
  ENOENT: ["NotFound", "No such file or directory"],
  EEXIST: ["AlreadyExists", "File exists"],
  ENOTDIR: ["NotADirectory", "Not a directory"],
  EISDIR: ["IsADirectory", "Is a directory"],
  ENOTEMPTY: ["DirectoryNotEmpty", "Directory not empty"],
  EACCES: ["PermissionDenied", "Permission denied"],
  EPERM: ["PermissionDenied", "Operation not permitted"],
  EROFS: ["PermissionDenied", "Read-only file system"],
  // Clients can see neither symbolic links (ELOOP) nor named pipes (ENXIO).
  ELOOP: ["NotFound", "No such file or directory"],
  ENXIO: ["NotFound", "No such file or directory"],
  ENAMETOOLONG: ["NameNotAllowed", "File name too long"],
  EINVAL: ["NameNotAllowed", "Invalid argument"],
  ENOSPC: ["NoSpace", "No space left"],
  EDQUOT: ["NoSpace", "Quota exceeded"],
  EFBIG: ["NoSpace", "File too large"],
  // ESTALE occurs on network volumes when another machine replaced or removed the file.
  ESTALE: ["Internal", "File was replaced or removed on the volume"],
  EIO: ["Internal", "Input/output error on the volume"],
  Z_DATA_ERROR: ["InvalidData", "Compressed data is corrupt"],
  Z_BUF_ERROR: ["InvalidData", "Compressed data is truncated"],
  Z_NEED_DICT: ["InvalidData", "Compressed data requires a dictionary"],
  EMFILE: ["TooManyOpenFiles", "Too many open files; try again later"],
  ENFILE: ["TooManyOpenFiles", "Too many open files; try again later"],
  EADDRINUSE: ["Internal", "Port in use by another program"],
  // EADDRNOTAVAIL occurs for a fixed source port when a connection with the same addresses and ports exists or existed
  // recently.
  EADDRNOTAVAIL: ["DataConnectionFailed", "Port in use by another connection to the same address"],
  ECONNRESET: ["ConnectionLost", "Connection reset by peer"],
  EPIPE: ["ConnectionLost", "Connection closed by peer"],
  ECONNREFUSED: ["DataConnectionFailed", "Connection refused"],
  EHOSTUNREACH: ["DataConnectionFailed", "No route to host"],
  ENETUNREACH: ["DataConnectionFailed", "Network unreachable"],
  ETIMEDOUT: ["TimedOut", "Connection timed out"],
  ABORT_ERR: ["Aborted", "Aborted"],
  ERR_STREAM_PREMATURE_CLOSE: ["ConnectionLost", "Connection closed before the end"],
};

/** Converts a thrown value to an EngineError. Keeps the original value as `cause`, which clients never see. */
export function toEngineError(thrown: unknown): EngineError {
  if (thrown instanceof EngineError) return thrown;
  const code = thrown instanceof Error && "code" in thrown ? String(thrown.code) : "";
  if (code.startsWith("ERR_SSL_") || code === "ERR_TLS_RENEGOTIATION_DISABLED") return tlsError(thrown);
  const [ours, text] = FROM_SYSTEM[code] ?? ["Internal", "Internal error"];
  return new EngineError(ours, text, { cause: thrown });
}

/**
 * Returns StorageNotWritable for a permission error. Returns other errors unchanged.
 * @param what operation that failed
 */
export function notWritable(thrown: unknown, what: string): EngineError {
  const error = toEngineError(thrown);
  if (error.code !== "PermissionDenied") return error;
  return new EngineError("StorageNotWritable", `${what}: ${error.message}`, { cause: thrown });
}

/** Returns the error for a user who does not have a permission. */
export function permissionDenied(permission: string): EngineError {
  return new EngineError("PermissionDenied", `Permission denied: ${permission} is required`);
}

/** Returns the error for a restart position beyond the end of a file. */
export function offsetBeyondEnd(size: number): EngineError {
  return new EngineError("InvalidOffset", `Restart position is after the end of the file (${size} bytes)`);
}

/**
 * Returns the error for a TLS connection that failed after its handshake. The reason that OpenSSL reports is constant
 * text.
 */
function tlsError(thrown: unknown): EngineError {
  const reason =
    thrown instanceof Error && "reason" in thrown ? String(thrown.reason) : "renegotiation is disabled";
  return new EngineError("ConnectionLost", `TLS failed: ${reason}`, { cause: thrown });
}

/**
 * Returns the error for a broken connection.
 * @param cause returned unchanged when it is a ConnectionLost error
 * @param text message for other causes
 */
export function connectionLost(cause: unknown, text: string): EngineError {
  const error = toEngineError(cause);
  return error.code === "ConnectionLost" ? error : new EngineError("ConnectionLost", text, { cause });
}
