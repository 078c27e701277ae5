/** Keys remembered for one control connection; each handshake of a client brings at most two. The least recently used one goes first. */
const MAX_KEYS_PER_MEMBER = 64;

/** Whose TLS session a data connection resumed. */
export type Relation =
  /** Its own control connection's, or that of another one of the same user. */
  | "Own"
  /** Another user's. */
  | "Foreign"
  /** It resumed none, or one that nobody here knows any more. */
  | "Unknown";

/** A user as data connections see it: who may resume whose TLS sessions. */
export interface TlsUser {
  name: string;
  /**
   * Undefined for an account with a password. An account that everybody shares is one user per client address; `Hidden` stands for
   * an address that says nothing about the client, which makes every session a user of its own.
   */
  sharedAt?: { address: string } | "Hidden";
}

/** How often data connections must resume a session before its client counts as one that always resumes. */
export type Proof = number;

/**
 * A TLS 1.2 session of a control connection: a client that takes it along to a data connection has it for all of them. Sessions of
 * data connections prove nothing: Java resumes those alone, and only on the port that they were made on.
 */
export const TLS12_PROOF: Proof = 1;
/**
 * A TLS 1.3 session of a control connection. curl resumes one once (RFC 8446 appendix C.4) and has no other afterwards, so that only
 * the second time tells a client that keeps it.
 */
export const TLS13_PROOF: Proof = 2;
const NO_PROOF: Proof = Number.POSITIVE_INFINITY;
/**
 * How long after its session was made a client can be expected to have it still. Milliseconds. Windows forgets sessions after 10 hours,
 * and nobody resumes those of this server for more than 24.
 */
export const PROOF_LIFETIME = 8 * 3_600_000;

interface KnownSession {
  readonly holders: Set<TlsMember>;
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
  /** Changes when sessions that clients hold can no longer be resumed: whatever a client has proven before counts no more. */
  generation = 0;
  readonly now: () => number;

  /** @param now milliseconds since 1970 */
  constructor(now: () => number = Date.now) {
    this.now = now;
  }

  /** A new control connection, in a family of its own until it shows otherwise. */
  newMember(): TlsMember {
    return new TlsMember(this);
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
export class TlsMember {
  /** Who logged in; set by the session. */
  user: TlsUser | undefined;
  /** Whether a data connection has resumed this control connection's TLS session, or a sibling's. */
  proven = false;
  readonly #families: TlsFamilies;
  /** How many data connections of this member resumed each. One after the other: a member has one transfer at a time. */
  readonly #keys = new Map<string, number>();
  #family: Family = { parent: undefined };
  /** In which generation it was proven that its client always resumes, and until when that counts. */
  #alwaysResumes: { generation: number; until: number } | undefined;
  #left = false;

  constructor(families: TlsFamilies) {
    this.#families = families;
  }

  /** Whether a data connection that resumes nothing is not its client's: that one has kept its session, and has resumed it before. */
  get alwaysResumes(): boolean {
    const { generation, now } = this.#families;
    const proof = this.#alwaysResumes;
    return proof?.generation === generation && now() < proof.until;
  }

  /**
   * Records a session that this member's client has: resumed or got from us, on either channel.
   * @param proof for sessions of control connections
   * @param madeAt when the session was made; now, where that does not matter
   */
  learn(key: string | undefined, proof = NO_PROOF, madeAt = this.#families.now()): void {
    if (key === undefined || this.#left) return;
    const { sessions } = this.#families;
    const session = sessions.get(key) ?? { holders: new Set<TlsMember>(), proof, madeAt };
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
  isFamily(other: TlsMember): boolean {
    return rootOf(this.#family) === rootOf(other.#family);
  }

  /** @param key of the session that a data connection of this member resumed; undefined: none was */
  relationTo(key: string | undefined): Relation {
    const session = key === undefined ? undefined : this.#families.sessions.get(key);
    if (session === undefined) return "Unknown";
    const isOwn = [...session.holders].some((other) => other === this || this.#isSibling(other));
    return isOwn ? "Own" : "Foreign";
  }

  /** Judges a data connection by the session that it resumed, and remembers what that proves. */
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
  #isSibling(other: TlsMember): boolean {
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
