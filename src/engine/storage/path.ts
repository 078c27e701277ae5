import { posix } from "node:path";
import { byteLengthOf, isDecoded } from "../../common/escaped-bytes.ts";
import { EngineError } from "../errors.ts";

/** Maximum length of a name in bytes, as on Linux file systems. */
const MAX_NAME_BYTES = 255;
const MAX_PATH_BYTES = 4096;

/** Maximum number of names in a path. Each name in a path requires several system calls per command. */
export const MAX_PATH_DEPTH = 128;

/**
 * Name prefix of files that contain running and incomplete uploads. Clients can neither use nor see names with this
 * prefix.
 */
export const TEMPORARY_PREFIX = ".ftp-operator-";

// oxlint-disable-next-line no-control-regex -- the expression must match control characters
const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f-\u009f]/u;

/**
 * Resolves `argument` against `directory`. Returns an absolute virtual path without `.`, `..` or empty names. In the
 * root, `..` refers to the root. Bytes that are not valid UTF-8 remain encoded as in `decodeBytes`.
 * @throws EngineError NameNotAllowed if the path contains control characters, unpaired surrogates or reserved names, if
 *   the path or a name is too long, or if the path is too deep
 */
export function resolvePath(directory: string, argument: string): string {
  if (CONTROL_CHARACTERS.test(argument)) throw notAllowed("Control characters are not allowed in names");
  if (!isDecoded(argument)) throw notAllowed("Unpaired surrogates are not allowed in names");
  const path = posix.resolve("/", directory, argument);
  if (byteLengthOf(path) > MAX_PATH_BYTES) throw notAllowed("The path is too long");
  const names = path.slice(1).split("/");
  if (names.length > MAX_PATH_DEPTH)
    throw notAllowed(`The path is too deep: at most ${MAX_PATH_DEPTH} names are allowed`);
  for (const name of names) {
    if (byteLengthOf(name) > MAX_NAME_BYTES) throw notAllowed("The name is too long");
    if (isReservedName(name)) throw notAllowed(`Names that begin with ${TEMPORARY_PREFIX} are reserved`);
  }
  return path;
}

/** Returns the names in a virtual path, starting at the root. */
export function componentsOf(path: string): string[] {
  return path.split("/").filter((name) => name !== "");
}

/**
 * Characters that a case-insensitive volume can ignore in names. For example, case-insensitive directories on ext4
 * ignore these characters (normalization form NFDICF in Linux).
 */
const IGNORED = /\p{Default_Ignorable_Code_Point}/gu;

/**
 * Returns whether a volume can treat the name as a reserved name. Includes names that only a case-insensitive volume,
 * such as SMB, treats as reserved.
 */
export function isReservedName(name: string): boolean {
  return name.replace(IGNORED, "").toLowerCase().startsWith(TEMPORARY_PREFIX);
}

function notAllowed(message: string): EngineError {
  return new EngineError("NameNotAllowed", message);
}
