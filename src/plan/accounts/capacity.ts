import type { FtpServer } from "../../api/ftpserver.generated.ts";
import { MAX_HASH_LENGTH } from "../../api/password-hash.ts";
import { type Account, engineUser } from "./engine-account.ts";

/** What Kubernetes lets the values of a Secret hold in all, in bytes; the engine's configuration is one of them. */
export const MAX_CONFIG_BYTES = 1024 * 1024;
/** Of it, for all that is no user: most of it for the addresses of nodes, where nodes hide clients (about 4,000 nodes of two addresses). */
export const OTHER_CONFIG_BYTES = 256 * 1024;
/** Of it, for FtpUsers, at most; users of the server's own spec come before them. Room for 1,000 with all permissions and usual names. */
const MAX_FTP_USER_BYTES = 700 * 1024;
/** FtpUsers of one server. */
export const MAX_FTP_USERS = 1000;
/** What one namespace may have of both, so that no team leaves nothing to the others. The server's own may have all. */
const SHARE = 1 / 2;

interface Spent {
  users: number;
  bytes: number;
}

/** Room for FtpUsers in the configuration of one server. */
export class AccountBudget {
  readonly #home: string | undefined;
  readonly #limit: Spent;
  readonly #all: Spent = { users: 0, bytes: 0 };
  readonly #byNamespace = new Map<string, Spent>();
  /** Namespaces whose next FtpUser has found no room: no later one does. */
  readonly #full = new Map<string, string>();

  constructor({ metadata, spec }: FtpServer) {
    this.#home = metadata.namespace;
    const left = spec.users.reduce(
      (bytes, { name, ...user }) => bytes - accountBytes(name, { homeDirectory: `/${name}`, ...user }),
      MAX_CONFIG_BYTES - OTHER_CONFIG_BYTES,
    );
    this.#limit = { users: MAX_FTP_USERS, bytes: Math.min(MAX_FTP_USER_BYTES, left) };
  }

  /**
   * Returns why the FtpServer cannot accept one more FtpUser, without regard to its size; undefined when it can.
   * @param hasAccount it keeps what it has, even where its namespace has more than its share
   */
  lack(namespace: string, hasAccount: boolean): string | undefined {
    const { users } = this.#limit;
    if (this.#all.users >= users) return `The FtpServer already has ${users} FtpUsers, the most it can have.`;
    const isOver = this.#isShared(namespace, hasAccount) && this.#spentBy(namespace).users >= users * SHARE;
    return isOver ? noneLeftFor(namespace) : this.#full.get(namespace);
  }

  /** Takes room for an FtpUser. @returns what the server lacks, and then nothing is taken */
  take(namespace: string, bytes: number, hasAccount: boolean): string | undefined {
    const lack = this.lack(namespace, hasAccount) ?? this.#lackOf(namespace, bytes, hasAccount);
    if (lack !== undefined) {
      this.#full.set(namespace, lack);
      return lack;
    }
    this.#byNamespace.set(namespace, add(this.#spentBy(namespace), bytes));
    Object.assign(this.#all, add(this.#all, bytes));
    return undefined;
  }

  #lackOf(namespace: string, more: number, hasAccount: boolean): string | undefined {
    const { bytes } = this.#limit;
    if (this.#all.bytes + more > bytes)
      return "The configuration of the FtpServer is full. It holds the home, permissions and `allowedClients` of every user.";
    const isOver = this.#spentBy(namespace).bytes + more > bytes * SHARE;
    return isOver && this.#isShared(namespace, hasAccount) ? noneLeftFor(namespace) : undefined;
  }

  #isShared(namespace: string, hasAccount: boolean): boolean {
    return namespace !== this.#home && !hasAccount;
  }

  #spentBy(namespace: string): Spent {
    return this.#byNamespace.get(namespace) ?? { users: 0, bytes: 0 };
  }
}

function noneLeftFor(namespace: string): string {
  return `Namespace ${namespace} has used its share (50 %) of this FtpServer's account capacity.`;
}

function add({ users, bytes }: Spent, more: number): Spent {
  return { users: users + 1, bytes: bytes + more };
}

const LONGEST_UID = "x".repeat(36);
const LONGEST_VERSION = "x".repeat(20);

/** What an account takes in the configuration, whatever its password comes to be. */
export function accountBytes(loginName: string, account: Account): number {
  const { key = "" } = account.passwordSecretRef ?? {};
  const hash = "x".repeat(MAX_HASH_LENGTH);
  const source = `${LONGEST_UID}/${LONGEST_VERSION}/${key}`;
  const [entry] = engineUser(loginName, account, { hash, source });
  return Buffer.byteLength(`${JSON.stringify(entry)},`);
}
