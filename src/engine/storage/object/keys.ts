import { hash } from "node:crypto";
import { hasEscapedBytes } from "../../../common/escaped-bytes.ts";
import { EngineError } from "../../errors.ts";
import { componentsOf, isReservedName, TEMPORARY_PREFIX } from "../path.ts";

/** Maximum length of a key in UTF-8 bytes, as in Amazon S3. */
const MAX_KEY_BYTES = 1024;
/** Maximum length of a file name in bytes, as in Linux file systems. */
const MAX_NAME_BYTES = 255;

// oxlint-disable-next-line no-control-regex -- the expression must match control characters
const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f-\u009f]/u;

/** U+FFFD, which some services list instead of a control character that XML cannot express. */
const REPLACEMENT = "\ufffd";

/**
 * The keys of one home. A directory is a key prefix that ends with `/`. The marker of a directory is an object whose
 * key is this prefix.
 */
export class HomeKeys {
  /** Prefix of all keys in the home. Empty if the home is the complete bucket. */
  readonly base: string;

  /**
   * @param prefix prefix of all homes, without a leading or trailing slash
   * @param home absolute virtual path of the home
   */
  constructor(prefix: string, home: string) {
    const names = [...componentsOf(prefix), ...componentsOf(home)];
    this.base = names.map((name) => `${name}/`).join("");
  }

  /** Returns the key of a file. @throws EngineError NameNotAllowed if object storage cannot express the path */
  file(path: string): string {
    if (path.includes(REPLACEMENT)) throw notAllowed("Object storage does not allow U+FFFD in names");
    if (hasEscapedBytes(path)) throw notAllowed("Object storage allows only names in UTF-8");
    const key = `${this.base}${componentsOf(path).join("/")}`;
    if (Buffer.byteLength(key) >= MAX_KEY_BYTES)
      throw notAllowed(
        `The path is too long for object storage: at most ${MAX_KEY_BYTES - 1} bytes with all prefixes`,
      );
    return key;
  }

  /** Returns the prefix of a directory, which is also the key of its marker. */
  directory(path: string): string {
    return path === "/" ? this.base : `${this.file(path)}/`;
  }
}

/** Returns the parent directory of a virtual path, or `/` for the root. */
export function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}

/** Returns the last name in a virtual path, or `/` for the root. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1) || "/";
}

/** Returns whether FTP clients can see and use a name in the bucket. */
export function isExpressible(name: string): boolean {
  return (
    name !== "" &&
    name !== "." &&
    name !== ".." &&
    !CONTROL_CHARACTERS.test(name) &&
    !name.includes(REPLACEMENT) &&
    name.isWellFormed() &&
    Buffer.byteLength(name) <= MAX_NAME_BYTES &&
    !isReservedName(name)
  );
}

/** Returns whether a key is reserved. The key is relative to the home. */
export function isReservedKey(relative: string): boolean {
  return (
    relative.includes(TEMPORARY_PREFIX) &&
    relative.split("/").some((name) => name.startsWith(TEMPORARY_PREFIX))
  );
}

/** Keys of incomplete uploads, storage checks and undelivered events, which clients cannot access. */
export class ReservedKeys {
  /** Prefix of the incomplete uploads of all homes. */
  readonly incomplete: string;
  /** Prefix of the objects that storage checks write. */
  readonly checks: string;
  /** Prefix of the undelivered events of all FtpServers. */
  readonly events: string;

  /** @param prefix prefix of all homes, without a leading or trailing slash */
  constructor(prefix: string) {
    const base = prefix === "" ? "" : `${prefix}/`;
    this.incomplete = `${base}${TEMPORARY_PREFIX}incomplete/`;
    this.checks = `${base}${TEMPORARY_PREFIX}check/`;
    this.events = `${base}${TEMPORARY_PREFIX}events/`;
  }

  /** Returns the prefix of the undelivered events of one FtpServer. @param source unique name of the FtpServer */
  ofEvents(source: string): string {
    return `${this.events}${digest(source)}/`;
  }

  /** Returns the prefix of the incomplete uploads of one home. */
  ofHome({ base }: HomeKeys): string {
    return `${this.incomplete}${digest(base)}/`;
  }

  /**
   * Returns the prefix of the incomplete uploads to files in one directory.
   * @param directory key prefix of the directory
   */
  ofDirectory(home: HomeKeys, directory: string): string {
    return `${this.ofHome(home)}${digest(directory)}/`;
  }

  /**
   * Returns the prefix of the state keys for an account's incomplete upload of a file. A state key ends with the number
   * of stored bytes.
   */
  ofFile(home: HomeKeys, key: string, account: string): string {
    const directory = key.slice(0, key.lastIndexOf("/") + 1);
    // Account names and file names never contain NUL.
    return `${this.ofDirectory(home, directory)}${digest(`${account}\0${key}`)}.`;
  }
}

/** Returns a hash of a text. The hash has a fixed length and consists of hexadecimal digits. */
function digest(text: string): string {
  return hash("sha256", text).slice(0, 40);
}

function notAllowed(message: string): EngineError {
  return new EngineError("NameNotAllowed", message);
}
