import { encodeText, hasEscapedBytes, withVisibleBytes } from "../../common/escaped-bytes.ts";
import { printable } from "../../common/text.ts";
import { toEngineError, type ErrorCode } from "../errors.ts";

/** FTP reply (RFC 959 section 4.2). */
export interface Reply {
  readonly code: number;
  /** One or more lines. */
  readonly lines: readonly string[];
  /** Whether the engine closes the control connection after the reply. */
  readonly close: boolean;
}

export function reply(code: number, ...lines: [string, ...string[]]): Reply {
  return { code, lines, close: false };
}

/** Returns a reply after which the engine closes the control connection. */
export function lastReply(code: number, text: string): Reply {
  return { code, lines: [text], close: true };
}

/** Text that requires no conversion, such as most names. */
const PLAIN = /^[ -~]*$/u;

/**
 * Returns text for logs and JSON. Removes control characters. Represents each byte that is not UTF-8 in hexadecimal,
 * for example `\xE4`.
 */
export function logText(text: string): string {
  if (PLAIN.test(text)) return text;
  return withVisibleBytes(printable(text)).toWellFormed();
}

/**
 * Returns the reply text that the engine sends to the client. Inner lines begin with a space, so that clients do not
 * mistake an inner line for the last line.
 */
export function formatReply({ code, lines }: Reply): string {
  const last = lines.length - 1;
  return lines
    .map((line, index) => {
      if (index === last) return `${code} ${printable(line)}\r\n`;
      return index === 0 ? `${code}-${printable(line)}\r\n` : ` ${printable(line)}\r\n`;
    })
    .join("");
}

/** Matches only lone surrogates. A surrogate pair contains no escaped byte. */
const ESCAPED_IAC = /\udcff/gu;

/**
 * Encodes a reply for the control connection. Bytes that are not UTF-8 remain unchanged. Like vsftpd, the engine
 * doubles the byte 0xFF, because 0xFF is IAC for a Telnet client (RFC 854). Returns text unless the reply contains
 * bytes that are not UTF-8.
 */
export function encodeReply(reply: Reply): string | Uint8Array {
  const text = formatReply(reply);
  return hasEscapedBytes(text) ? encodeText(text.replace(ESCAPED_IAC, "$&$&")) : text;
}

/** Reply codes, keyed by error code (RFC 959 section 4.2.1). */
const REPLY_CODES: Readonly<Record<ErrorCode, number>> = {
  NotFound: 550,
  AlreadyExists: 550,
  NotADirectory: 550,
  IsADirectory: 550,
  DirectoryNotEmpty: 550,
  PermissionDenied: 550,
  StorageNotWritable: 550,
  StorageUnavailable: 451,
  NotSupported: 504,
  Conflict: 450,
  NameNotAllowed: 553,
  AmbiguousName: 550,
  NoSpace: 452,
  QuotaExceeded: 552,
  InvalidData: 426,
  // RFC 3659 section 5.3.
  InvalidOffset: 554,
  ListingTooLong: 451,
  TooManyOpenFiles: 450,
  TooManyJobs: 450,
  TooManyTransfers: 450,
  ConnectionLost: 426,
  DataConnectionFailed: 425,
  PassivePortsExhausted: 425,
  TimedOut: 426,
  TooManyLogins: 421,
  Aborted: 426,
  InvalidConfig: 451,
  Internal: 451,
};

/** Returns the reply for a thrown value. For errors other than EngineError, the reply contains no details. */
export function errorReply(thrown: unknown): Reply {
  const error = toEngineError(thrown);
  const code = REPLY_CODES[error.code];
  const text = /[.?!]$/u.test(error.message) ? error.message : `${error.message}.`;
  // RFC 959 section 4.2.2: after reply 421, the server closes the control connection.
  return code === 421 ? lastReply(code, text) : reply(code, text);
}
