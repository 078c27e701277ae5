/**
 * Maximum number of keys stored for one control connection. Each handshake of a client adds at most two. The least recently used
 * key is removed first.
 */
const MAX_KEYS_PER_CLIENT = 64;

/** Owner of the TLS session that a data connection resumed. */
export type Relation =
  /** The control connection of the transfer, or another one of the same user. */
  | "Own"
  /** Another user. */
  | "Foreign"
  /** The data connection resumed no session, or a session without a known owner. */
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
 * Proof for a TLS 1.2 session of a control connection: a client that resumes it on one data connection can do so on all. Sessions
 * of data connections prove nothing. Java resumes only those, and only on the port where they were created.
 */
export const TLS12_PROOF: Proof = 1;
/**
 * Proof for a TLS 1.3 session of a control connection. curl resumes one once (RFC 8446 appendix C.4) and has no other afterwards.
 * Only a second resumption shows that the client keeps it.
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
  /** Creation time in milliseconds since the epoch. */
  madeAt: number;
}

/**
 * TLS sessions of all control connections, by the key of the session (see `sessionKey`). Control connections share sessions when
 * one resumed a session of the other, or a data connection did. A resumed session does not distinguish their data connections.
 * Contains no sockets.
 */
export class TlsSessionAffinity {
  /** Sessions by their key. */
  readonly sessions = new Map<string, KnownSession>();
  /** Changes when existing sessions of clients can no longer be resumed. Earlier proofs of clients are then invalid. */
  generation = 0;
  readonly now: () => number;

  /** @param now milliseconds since the epoch */
  constructor(now: () => number = Date.now) {
    this.now = now;
  }

  /** Returns the client of a new control connection. It shares sessions with no other client yet. */
  newClient(): TlsClient {
    return new TlsClient(this);
  }

  /** Returns whether the session with this key belongs to an open control connection. */
  has(key: string | undefined): boolean {
    return key !== undefined && this.sessions.has(key);
  }

  /** Number of known sessions. */
  get size(): number {
    return this.sessions.size;
  }
}

/** The client of one control connection with TLS. */
export class TlsClient {
  /** The user who is logged in, set by the FTP session. */
  user: TlsUser | undefined;
  /** Whether a data connection has resumed a session of this control connection or of another one of the same user. */
  proven = false;
  readonly #affinity: TlsSessionAffinity;
  /**
   * Number of data connections of this client that resumed each session. They are sequential, because an FTP session has one
   * transfer at a time.
   */
  readonly #keys = new Map<string, number>();
  #group: SharingGroup = { parent: undefined };
  /** The generation in which the client proved that it always resumes, and the expiry of that proof. */
  #alwaysResumes: { generation: number; until: number } | undefined;
  #closed = false;

  constructor(affinity: TlsSessionAffinity) {
    this.#affinity = affinity;
  }

  /**
   * Whether a data connection that resumes no session cannot belong to this client, because the client has kept its session and
   * resumed it before.
   */
  get alwaysResumes(): boolean {
    const { generation, now } = this.#affinity;
    const proof = this.#alwaysResumes;
    return proof?.generation === generation && now() < proof.until;
  }

  /**
   * Records a session that this client got or resumed, on the control connection or a data connection.
   * @param proof for sessions of control connections
   * @param madeAt creation time of the session; defaults to now, which suffices for sessions without proof
   */
  learn(key: string | undefined, proof = NO_PROOF, madeAt = this.#affinity.now()): void {
    if (key === undefined || this.#closed) return;
    const { sessions } = this.#affinity;
    const session = sessions.get(key) ?? { holders: new Set<TlsClient>(), proof, madeAt };
    session.proof = Math.min(session.proof, proof);
    session.madeAt = Math.min(session.madeAt, madeAt);
    if (!session.holders.has(this)) for (const other of session.holders) this.#merge(other);
    session.holders.add(this);
    sessions.set(key, session);
    // The map is ordered by last use.
    const uses = this.#keys.get(key) ?? 0;
    this.#keys.delete(key);
    this.#keys.set(key, uses);
    const [oldest] = this.#keys.keys();
    if (this.#keys.size > MAX_KEYS_PER_CLIENT && oldest !== undefined) this.#forget(oldest);
  }

  /** Returns whether both control connections can belong to one client program, because they share sessions. */
  sharesSessionsWith(other: TlsClient): boolean {
    return rootOf(this.#group) === rootOf(other.#group);
  }

  /** Returns the owner of the session that a data connection of this client resumed. @param key undefined: none was resumed */
  relationTo(key: string | undefined): Relation {
    const session = key === undefined ? undefined : this.#affinity.sessions.get(key);
    if (session === undefined) return "Unknown";
    const isOwn = [...session.holders].some((other) => other === this || this.#isSameUser(other));
    return isOwn ? "Own" : "Foreign";
  }

  /** Returns the owner of the session that a data connection resumed, and records the proof when it is this client. */
  identify(key: string | undefined): Relation {
    const relation = this.relationTo(key);
    if (relation === "Own" && key !== undefined) this.#resumed(key);
    return relation;
  }

  /** Returns whether the session with this key belongs to this client or to one that shares sessions with it. */
  owns(key: string | undefined): boolean {
    const session = key === undefined ? undefined : this.#affinity.sessions.get(key);
    return session !== undefined && [...session.holders].some((other) => this.sharesSessionsWith(other));
  }

  /** Removes the sessions of a control connection that has closed. */
  close(): void {
    this.#closed = true;
    for (const key of this.#keys.keys()) this.#forget(key);
  }

  #isSameUser(other: TlsClient): boolean {
    const [mine, theirs] = [this.user, other.user];
    if (mine === undefined || mine.name !== theirs?.name) return false;
    if (mine.sharedAt === undefined || this.sharesSessionsWith(other)) return true;
    const [here, there] = [mine.sharedAt, theirs.sharedAt];
    return typeof here === "object" && typeof there === "object" && here.address === there.address;
  }

  #resumed(key: string): void {
    this.proven = true;
    this.learn(key);
    const session = this.#affinity.sessions.get(key);
    const uses = (this.#keys.get(key) ?? 0) + 1;
    if (session === undefined || this.#closed) return;
    this.#keys.set(key, uses);
    if (uses < session.proof) return;
    this.#alwaysResumes = {
      generation: this.#affinity.generation,
      until: session.madeAt + PROOF_LIFETIME,
    };
  }

  #forget(key: string): void {
    this.#keys.delete(key);
    const { sessions } = this.#affinity;
    const holders = sessions.get(key)?.holders;
    holders?.delete(this);
    if (holders?.size === 0) sessions.delete(key);
  }

  #merge(other: TlsClient): void {
    const [mine, theirs] = [rootOf(this.#group), rootOf(other.#group)];
    if (mine !== theirs) mine.parent = theirs;
  }
}

/** Clients that share sessions: a disjoint-set tree, whose root represents the group. */
interface SharingGroup {
  parent: SharingGroup | undefined;
}

function rootOf(group: SharingGroup): SharingGroup {
  let root = group;
  while (root.parent !== undefined) root = root.parent;
  return root;
}
