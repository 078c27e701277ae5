/**
 * Maximum number of keys stored for one control connection. Each handshake of a client adds at most two. The least recently used
 * one is removed first.
 */
const MAX_KEYS_PER_MEMBER = 64;

/** Whose TLS session a data connection resumed. */
export type Relation =
  /** Its own control connection's, or that of another one of the same user. */
  | "Own"
  /** Another user's. */
  | "Foreign"
  /** It resumed none, or one that nobody here knows any more. */
  | "Unknown";

/** The identity of a user for data connections: sessions of one user may resume each other's TLS sessions. */
export interface TlsUser {
  name: string;
  /**
   * Undefined for an account with a password. A shared account is one user per client address. `Hidden` is an address that does
   * not identify the client, so every session is a separate user.
   */
  sharedAt?: { address: string } | "Hidden";
}

/** Number of data connections that must resume a session before its client counts as one that always resumes. */
export type Proof = number;

/**
 * A TLS 1.2 session of a control connection: a client that resumes it on one data connection can do so on all. Sessions of data
 * connections prove nothing: Java resumes only those, and only on the port where they were created.
 */
export const TLS12_PROOF: Proof = 1;
/**
 * A TLS 1.3 session of a control connection. curl resumes one once (RFC 8446 appendix C.4) and has no other afterwards. Only a
 * second resumption shows that the client keeps it.
 */
export const TLS13_PROOF: Proof = 2;
const NO_PROOF: Proof = Number.POSITIVE_INFINITY;
/**
 * How long a client is expected to keep a session after its creation. Milliseconds. Windows discards sessions after 10 hours, and
 * this engine accepts no session for more than 24 hours.
 */
export const PROOF_LIFETIME = 8 * 3_600_000;

interface KnownSession {
  readonly holders: Set<TlsClient>;
  proof: Proof;
  /** When it was made, in milliseconds. */
  madeAt: number;
}

/**
 * Which control connections share a TLS session cache, so that their data connections cannot be told apart by the session they
 * resume. Control connections that resumed one another are a family; so are those whose data connections resumed the other's.
 * Pure: keys in (see sessionKey), relations out.
 */
export class TlsFamilies {
  /** Sessions by their key. */
  readonly sessions = new Map<string, KnownSession>();
  /** Changes when existing sessions of clients can no longer be resumed. Earlier proofs of clients are then invalid. */
  generation = 0;
  readonly now: () => number;

  /** @param now milliseconds since 1970 */
  constructor(now: () => number = Date.now) {
    this.now = now;
  }

  /** A new control connection, in a family of its own until it shows otherwise. */
  newMember(): TlsClient {
    return new TlsClient(this);
  }

  /** Whether an open control connection has the session with this key. */
  isHeld(key: string | undefined): boolean {
    return key !== undefined && this.sessions.has(key);
  }

  /** How many keys are known. */
  get size(): number {
    return this.sessions.size;
  }
}

/** One control connection with TLS. */
export class TlsClient {
  /** Who logged in; set by the session. */
  user: TlsUser | undefined;
  /** Whether a data connection has resumed this control connection's TLS session, or a sibling's. */
  proven = false;
  readonly #families: TlsFamilies;
  /**
   * Number of data connections of this member that resumed each session. They are sequential, because a member has one transfer
   * at a time.
   */
  readonly #keys = new Map<string, number>();
  #family: Family = { parent: undefined };
  /** The generation in which its client proved that it always resumes, and the expiry of that proof. */
  #alwaysResumes: { generation: number; until: number } | undefined;
  #left = false;

  constructor(families: TlsFamilies) {
    this.#families = families;
  }

  /**
   * Whether a data connection that resumes nothing cannot be its client's, because that client has kept its session and resumed
   * it before.
   */
  get alwaysResumes(): boolean {
    const { generation, now } = this.#families;
    const proof = this.#alwaysResumes;
    return proof?.generation === generation && now() < proof.until;
  }

  /**
   * Records a session of this member's client that was resumed or issued, on the control connection or a data connection.
   * @param proof for sessions of control connections
   * @param madeAt when the session was created; now, when that does not matter
   */
  learn(key: string | undefined, proof = NO_PROOF, madeAt = this.#families.now()): void {
    if (key === undefined || this.#left) return;
    const { sessions } = this.#families;
    const session = sessions.get(key) ?? { holders: new Set<TlsClient>(), proof, madeAt };
    session.proof = Math.min(session.proof, proof);
    session.madeAt = Math.min(session.madeAt, madeAt);
    if (!session.holders.has(this)) for (const other of session.holders) this.#merge(other);
    session.holders.add(this);
    sessions.set(key, session);
    // The newest one is the last one.
    const uses = this.#keys.get(key) ?? 0;
    this.#keys.delete(key);
    this.#keys.set(key, uses);
    const [oldest] = this.#keys.keys();
    if (this.#keys.size > MAX_KEYS_PER_MEMBER && oldest !== undefined) this.#forget(oldest);
  }

  /** Whether the same client program may be behind both. */
  isFamily(other: TlsClient): boolean {
    return rootOf(this.#family) === rootOf(other.#family);
  }

  /** @param key of the session that a data connection of this member resumed; undefined: none was */
  relationTo(key: string | undefined): Relation {
    const session = key === undefined ? undefined : this.#families.sessions.get(key);
    if (session === undefined) return "Unknown";
    const isOwn = [...session.holders].some((other) => other === this || this.#isSibling(other));
    return isOwn ? "Own" : "Foreign";
  }

  /** Evaluates a data connection by the session that it resumed, and records the proof. */
  judge(key: string | undefined): Relation {
    const relation = this.relationTo(key);
    if (relation === "Own" && key !== undefined) this.#resumed(key);
    return relation;
  }

  /** Whether a session with this key belongs to this member's family. */
  owns(key: string | undefined): boolean {
    const session = key === undefined ? undefined : this.#families.sessions.get(key);
    return session !== undefined && [...session.holders].some((other) => this.isFamily(other));
  }

  /** The control connection is gone. */
  leave(): void {
    this.#left = true;
    for (const key of this.#keys.keys()) this.#forget(key);
  }

  /** Whether the other one is a session of the same user. */
  #isSibling(other: TlsClient): boolean {
    const [mine, theirs] = [this.user, other.user];
    if (mine === undefined || mine.name !== theirs?.name) return false;
    if (mine.sharedAt === undefined || this.isFamily(other)) return true;
    const [here, there] = [mine.sharedAt, theirs.sharedAt];
    return typeof here === "object" && typeof there === "object" && here.address === there.address;
  }

  #resumed(key: string): void {
    this.proven = true;
    this.learn(key);
    const session = this.#families.sessions.get(key);
    const uses = (this.#keys.get(key) ?? 0) + 1;
    if (session === undefined || this.#left) return;
    this.#keys.set(key, uses);
    if (uses < session.proof) return;
    this.#alwaysResumes = {
      generation: this.#families.generation,
      until: session.madeAt + PROOF_LIFETIME,
    };
  }

  #forget(key: string): void {
    this.#keys.delete(key);
    const { sessions } = this.#families;
    const holders = sessions.get(key)?.holders;
    holders?.delete(this);
    if (holders?.size === 0) sessions.delete(key);
  }

  #merge(other: TlsClient): void {
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
