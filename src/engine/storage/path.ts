import { posix } from "node:path";
import { byteLengthOf, isDecoded } from "../../common/escaped-bytes.ts";
import { EngineError } from "../errors.ts";

/** Maximum length of a name in bytes, as in Linux file systems. */
const MAX_NAME_BYTES = 255;
const MAX_PATH_BYTES = 4096;

/** Maximum number of names in a path. Each name takes several system calls per command. */
export const MAX_PATH_DEPTH = 128;

/** Prefix of the names of running and incomplete uploads. Clients can neither use nor see these names. */
export const TEMPORARY_PREFIX = ".ftp-operator-";

// oxlint-disable-next-line no-control-regex -- the expression must match control characters
const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f-\u009f]/u;

/**
 * Returns the virtual path of `argument` in `directory`: absolute, without `.`, `..` and empty names. `..` of the root is the root.
 * Bytes that are not UTF-8 keep the form of `decodeBytes`.
 * @throws EngineError NameNotAllowed for control characters, unpaired surrogates, names and paths that are too long, paths that
 *   are too deep, and reserved names
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
    if (isReserved(name)) throw notAllowed(`Names that begin with ${TEMPORARY_PREFIX} are reserved`);
  }
  return path;
}

/** Returns the names of a virtual path, from the top. */
export function componentsOf(path: string): string[] {
  return path.split("/").filter((name) => name !== "");
}

/** Characters that a case-insensitive volume can ignore in names. ext4 does so (NFDICF in Unicode). */
const IGNORED = /\p{Default_Ignorable_Code_Point}/gu;

/** Returns whether a volume can treat this name as a reserved name. Case-insensitive volumes such as SMB are included. */
function isReserved(name: string): boolean {
  return name.replace(IGNORED, "").toLowerCase().startsWith(TEMPORARY_PREFIX);
}

function notAllowed(message: string): EngineError {
  return new EngineError("NameNotAllowed", message);
}
