/** What went wrong, in the engine's own terms. The one table from these to FTP replies is in control/reply.ts. */
export type ErrorCode =
  | "NotFound"
  | "AlreadyExists"
  | "NotADirectory"
  | "IsADirectory"
  | "DirectoryNotEmpty"
  | "PermissionDenied"
  | "StorageNotWritable"
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

/** The one error type of the engine. `message` may reach a client, so it never holds a path outside the user's home. */
export class EngineError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "EngineError";
    this.code = code;
  }
}

/** Node's system and zlib error codes, and what they mean to the engine. Nobody else matches on them. */
const FROM_SYSTEM: Readonly<Record<string, [ErrorCode, string]>> = {
  ENOENT: ["NotFound", "No such file or directory"],
  EEXIST: ["AlreadyExists", "File exists"],
  ENOTDIR: ["NotADirectory", "Not a directory"],
  EISDIR: ["IsADirectory", "Is a directory"],
  ENOTEMPTY: ["DirectoryNotEmpty", "Directory not empty"],
  EACCES: ["PermissionDenied", "Permission denied"],
  EPERM: ["PermissionDenied", "Operation not permitted"],
  EROFS: ["PermissionDenied", "Read-only file system"],
  // What is no file or directory is not there for a client: a symbolic link, or a pipe that nobody reads.
  ELOOP: ["NotFound", "No such file or directory"],
  ENXIO: ["NotFound", "No such file or directory"],
  ENAMETOOLONG: ["NameNotAllowed", "File name too long"],
  EINVAL: ["NameNotAllowed", "Invalid argument"],
  ENOSPC: ["NoSpace", "No space left"],
  EDQUOT: ["NoSpace", "Quota exceeded"],
  EFBIG: ["NoSpace", "File too large"],
  // Of a volume behind a network: the file was replaced or removed from another machine.
  ESTALE: ["Internal", "The file was replaced or removed on the volume meanwhile"],
  EIO: ["Internal", "The volume could not be read or written"],
  Z_DATA_ERROR: ["InvalidData", "The compressed data are damaged"],
  Z_BUF_ERROR: ["InvalidData", "The compressed data end before their end"],
  Z_NEED_DICT: ["InvalidData", "The compressed data need a dictionary"],
  EMFILE: ["TooManyOpenFiles", "Too many open files, try again"],
  ENFILE: ["TooManyOpenFiles", "Too many open files, try again"],
  EADDRINUSE: ["Internal", "A port that the engine needs is taken by another program"],
  // For a connection from a given port: there is one between the same two addresses and ports, or was a moment ago.
  EADDRNOTAVAIL: ["DataConnectionFailed", "The port is taken by another connection to the same place"],
  ECONNRESET: ["ConnectionLost", "Connection reset by peer"],
  EPIPE: ["ConnectionLost", "Connection closed by peer"],
  ECONNREFUSED: ["DataConnectionFailed", "Connection refused"],
  EHOSTUNREACH: ["DataConnectionFailed", "No route to host"],
  ENETUNREACH: ["DataConnectionFailed", "Network unreachable"],
  ETIMEDOUT: ["TimedOut", "Connection timed out"],
  ABORT_ERR: ["Aborted", "Aborted"],
  ERR_STREAM_PREMATURE_CLOSE: ["ConnectionLost", "Connection closed before the end"],
};

/** Any thrown value as an EngineError; the original stays as `cause` and off the wire. */
export function toEngineError(thrown: unknown): EngineError {
  if (thrown instanceof EngineError) return thrown;
  const code = thrown instanceof Error && "code" in thrown ? String(thrown.code) : "";
  if (code.startsWith("ERR_SSL_") || code === "ERR_TLS_RENEGOTIATION_DISABLED") return tlsError(thrown);
  const [ours, text] = FROM_SYSTEM[code] ?? ["Internal", "Internal error"];
  return new EngineError(ours, text, { cause: thrown });
}

/** Returns StorageNotWritable for an error of permissions, and every other error unchanged. `what` could not be done. */
export function notWritable(thrown: unknown, what: string): EngineError {
  const error = toEngineError(thrown);
  if (error.code !== "PermissionDenied") return error;
  return new EngineError("StorageNotWritable", `${what}: ${error.message}`, { cause: thrown });
}

/** The error for a restart after the end of a file of `size` bytes. */
export function behindTheEnd(size: number): EngineError {
  return new EngineError("InvalidOffset", `The file has only ${size} bytes; restart from there or before`);
}

/** An error of TLS after the handshake; OpenSSL's reason is a constant text. */
function tlsError(thrown: unknown): EngineError {
  const reason =
    thrown instanceof Error && "reason" in thrown ? String(thrown.reason) : "renegotiation is disabled";
  return new EngineError("ConnectionLost", `TLS failed: ${reason}`, { cause: thrown });
}

/**
 * Returns what to report when a connection breaks.
 * @param cause what broke it; its reason is used if it has one
 * @param text for a cause without a reason
 */
export function connectionLost(cause: unknown, text: string): EngineError {
  const error = toEngineError(cause);
  return error.code === "ConnectionLost" ? error : new EngineError("ConnectionLost", text, { cause });
}
