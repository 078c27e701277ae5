/** Keys remembered for one control connection; each handshake of a client brings at most two. */
const MAX_KEYS_PER_MEMBER = 64;

/** Whose TLS session a data connection resumed. */
export type Relation =
  /** Its own control connection's, or that of another one of the same user. */
  | "Own"
  /** Another user's. */
  | "Foreign"
  /** It resumed none, or one that nobody here knows any more. */
  | "Unknown";

/**
 * Which control connections share a TLS session cache, so that their data connections can not be told apart by the session they
 * resume. Control connections that resumed one another are a family; so are those whose data connections resumed the other's.
 * Pure: keys in (see sessionKey), relations out.
 */
export class TlsFamilies {
  readonly #holders = new Map<string, Set<TlsMember>>();

  /** A new control connection, in a family of its own until it shows otherwise. */
  newMember(): TlsMember {
    return new TlsMember(this.#holders);
  }

  /** How many keys are known. */
  get size(): number {
    return this.#holders.size;
  }
}

/** One control connection with TLS. */
export class TlsMember {
  /** Who logged in; set by the session. */
  user: string | undefined;
  /** Whether a data connection has resumed this control connection's TLS session, or a sibling's. */
  proven = false;
  readonly #holders: Map<string, Set<TlsMember>>;
  readonly #keys = new Set<string>();
  #family: Family = { parent: undefined };
  #left = false;

  constructor(holders: Map<string, Set<TlsMember>>) {
    this.#holders = holders;
  }

  /** Records a session that this member's client has: resumed or got from us, on either channel. */
  learn(key: string | undefined): void {
    if (key === undefined || this.#left || this.#keys.has(key)) return;
    const holders = this.#holders.get(key) ?? new Set();
    for (const other of holders) this.#merge(other);
    holders.add(this);
    this.#holders.set(key, holders);
    this.#keys.add(key);
    const [oldest] = this.#keys;
    if (this.#keys.size > MAX_KEYS_PER_MEMBER && oldest !== undefined) this.#forget(oldest);
  }

  /** Whether the same client program may be behind both. */
  isFamily(other: TlsMember): boolean {
    return rootOf(this.#family) === rootOf(other.#family);
  }

  /**
   * Judges a data connection of this member by the session that it resumed, and remembers what that proves.
   * @param key of the session that was resumed; undefined: none was
   */
  judge(key: string | undefined): Relation {
    const holders = key === undefined ? undefined : this.#holders.get(key);
    if (holders === undefined) return "Unknown";
    if (![...holders].some((other) => other === this || other.user === this.user)) return "Foreign";
    this.proven = true;
    this.learn(key);
    return "Own";
  }

  /** Whether a session with this key belongs to this member's family. */
  owns(key: string | undefined): boolean {
    const holders = key === undefined ? undefined : this.#holders.get(key);
    return holders !== undefined && [...holders].some((other) => this.isFamily(other));
  }

  /** The control connection is gone. */
  leave(): void {
    this.#left = true;
    for (const key of this.#keys) this.#forget(key);
  }

  #forget(key: string): void {
    this.#keys.delete(key);
    const holders = this.#holders.get(key);
    holders?.delete(this);
    if (holders?.size === 0) this.#holders.delete(key);
  }

  #merge(other: TlsMember): void {
    const [mine, theirs] = [rootOf(this.#family), rootOf(other.#family)];
    if (mine !== theirs) mine.parent = theirs;
  }
}

/** A tree of families that turned out to be one; its root stands for them. */
interface Family {
  parent: Family | undefined;
}

function rootOf(family: Family): Family {
  let root = family;
  while (root.parent !== undefined) root = root.parent;
  return root;
}
