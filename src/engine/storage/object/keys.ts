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

/** U+FFFD, which some services list instead of a control character that XML cannot represent. */
const REPLACEMENT = "\ufffd";

/**
 * The keys in one home. A directory is a key prefix that ends with `/`. The marker object of a directory has this
 * prefix as its key.
 */
export class HomeKeys {
  /** Prefix of all keys in the home. The prefix is empty if the home is the entire bucket. */
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

  /** Returns the prefix of a directory, which is also the key of its marker object. */
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

/** Returns whether FTP clients can see and use an object or directory with this name. */
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

/** Returns whether a key is reserved for the engine. The key is relative to the home. */
export function isReservedKey(relative: string): boolean {
  return (
    relative.includes(TEMPORARY_PREFIX) &&
    relative.split("/").some((name) => name.startsWith(TEMPORARY_PREFIX))
  );
}

/** Keys for incomplete uploads, storage checks and undelivered events. Clients cannot access these keys. */
export class ReservedKeys {
  /** Prefix for the incomplete uploads in all homes. */
  readonly incomplete: string;
  /** Prefix for the objects that storage checks write. */
  readonly checks: string;
  /** Prefix for the undelivered events of all FtpServers. */
  readonly events: string;

  /** @param prefix prefix of all homes, without a leading or trailing slash */
  constructor(prefix: string) {
    const base = prefix === "" ? "" : `${prefix}/`;
    this.incomplete = `${base}${TEMPORARY_PREFIX}incomplete/`;
    this.checks = `${base}${TEMPORARY_PREFIX}check/`;
    this.events = `${base}${TEMPORARY_PREFIX}events/`;
  }

  /** Returns the prefix for the undelivered events of one FtpServer. @param source unique name of the FtpServer */
  ofEvents(source: string): string {
    return `${this.events}${digest(source)}/`;
  }

  /** Returns the prefix for the incomplete uploads in one home. */
  ofHome({ base }: HomeKeys): string {
    return `${this.incomplete}${digest(base)}/`;
  }

  /**
   * Returns the prefix for incomplete uploads to files in one directory.
   * @param directory key prefix of the directory
   */
  ofDirectory(home: HomeKeys, directory: string): string {
    return `${this.ofHome(home)}${digest(directory)}/`;
  }

  /**
   * Returns the prefix for the state keys of an account's incomplete upload to a file. A state key ends with the number
   * of stored bytes.
   */
  ofFile(home: HomeKeys, key: string, account: string): string {
    const directory = key.slice(0, key.lastIndexOf("/") + 1);
    // Account names and file names never contain NUL characters.
    return `${this.ofDirectory(home, directory)}${digest(`${account}\0${key}`)}.`;
  }
}

/** Returns a hash of a string. The hash has a fixed length and consists of hexadecimal digits. */
function digest(text: string): string {
  return hash("sha256", text).slice(0, 40);
}

function notAllowed(message: string): EngineError {
  return new EngineError("NameNotAllowed", message);
}
