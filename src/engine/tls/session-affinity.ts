/**
 * Maximum number of keys stored for each control connection. Each handshake adds at most two keys. Above this number,
 * the engine removes the least recently used key.
 */
const MAX_KEYS_PER_CLIENT = 64;

/** Relation between a data connection and the owner of the TLS session that it resumed. */
export type Relation =
  /**
   * The session belongs to the control connection of the transfer, or to another control connection of the same user.
   */
  | "Own"
  /** Another user. */
  | "Foreign"
  /** The data connection resumed no session, or the owner of the resumed session is unknown. */
  | "Unknown";

/**
 * User identity that data connections share. FTP sessions with the same identity can resume each other's TLS sessions.
 */
export interface TlsUser {
  name: string;
  /**
   * Client address that distinguishes the clients of a shared account. The value is undefined for an account with a
   * password.
   * `Hidden` means that the address does not identify the client, so every FTP session is a separate user.
   */
  sharedAt?: { address: string } | "Hidden";
}

/**
 * Number of data connections that must resume a session before the engine assumes that the client always resumes
 * sessions.
 */
export type Proof = number;

/**
 * Proof for a TLS 1.2 session from a control connection. A client that resumes the session on one data connection can
 * resume it on all data connections. Sessions from data connections prove nothing. Java resumes only sessions from data
 * connections, and only on the port on which the session was created.
 */
export const TLS12_PROOF: Proof = 1;
/**
 * Proof for a TLS 1.3 session from a control connection. Clients such as curl resume a session only once (RFC 8446
 * appendix C.4), and may then have no other session. Only a second resumption of the same session proves that the
 * client keeps sessions.
 */
export const TLS13_PROOF: Proof = 2;
const NO_PROOF: Proof = Number.POSITIVE_INFINITY;
/**
 * Time in milliseconds for which the engine expects a client to keep a session. Windows discards sessions after 10
 * hours. The engine rejects sessions after 24 hours.
 */
export const PROOF_LIFETIME = 8 * 3_600_000;

/** Resumptions of one TLS session by one client. */
interface Resumptions {
  count: number;
  /** Event number of the first resumption. Zero before the first resumption. */
  first: number;
}

/** Period in which a client kept one TLS session, as event numbers of `TlsSessionAffinity.nextEvent`. */
interface KeptPeriod {
  from: number;
  until: number;
}

interface KnownSession {
  readonly holders: Set<TlsClient>;
  proof: Proof;
  /** Creation time in milliseconds since the epoch. */
  madeAt: number;
}

/**
 * Register of the TLS sessions of all control connections, keyed by session key (see `sessionKey`). Two control
 * connections share sessions if one of them, or one of its data connections, resumes a session of the other control
 * connection. A shared session does not distinguish the data connections of these clients. This class uses no sockets.
 */
export class TlsSessionAffinity {
  /** Known sessions, keyed by session key. */
  readonly sessions = new Map<string, KnownSession>();
  /**
   * Generation of TLS sessions. The number changes when clients can no longer resume existing sessions, which
   * invalidates earlier proofs.
   */
  generation = 0;
  readonly now: () => number;
  #events = 0;

  /** @param now milliseconds since the epoch */
  constructor(now: () => number = Date.now) {
    this.now = now;
  }

  /** Returns a client object for a new control connection. A new client shares no sessions with other clients. */
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

  /** Returns the number of a new event. Event numbers increase, even when the system clock is set back. */
  nextEvent(): number {
    this.#events += 1;
    return this.#events;
  }
}

/** The client on one control connection with TLS. */
export class TlsClient {
  /** Logged-in user. The FTP session sets this property. */
  user: TlsUser | undefined;
  readonly #affinity: TlsSessionAffinity;
  /**
   * Data connections on which this client resumed a session, keyed by session. A client's data connections are
   * sequential, because an FTP session performs only one transfer at a time.
   */
  readonly #keys = new Map<string, Resumptions>();
  #group: SharingGroup = { parent: undefined };
  /** Generation in which the client proved that it always resumes sessions, and the expiry time of the proof. */
  #alwaysResumes: { generation: number; until: number } | undefined;
  /** Event number of the last port reservation for this client. */
  #reservedAt = 0;
  #kept: KeptPeriod | undefined;
  #closed = false;

  constructor(affinity: TlsSessionAffinity) {
    this.#affinity = affinity;
  }

  /**
   * Whether a data connection without a resumed session cannot belong to this client. The value is true after the
   * client has proved that it always resumes sessions, until the proof expires.
   */
  get alwaysResumes(): boolean {
    const { generation, now } = this.#affinity;
    const proof = this.#alwaysResumes;
    return proof?.generation === generation && now() < proof.until;
  }

  /**
   * Records a TLS session that this client received or resumed on the control connection or on a data connection.
   * @param proof number of data connections that must resume a session from a control connection to prove that the client
   *   always resumes sessions. Absent for a session from a data connection, which proves nothing.
   * @param madeAt creation time of the session in milliseconds since the epoch. Required only with `proof`.
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
    // Moves the key to the end, because the order of the map is the order of last use.
    const resumptions = this.#keys.get(key) ?? { count: 0, first: 0 };
    this.#keys.delete(key);
    this.#keys.set(key, resumptions);
    const [oldest] = this.#keys.keys();
    if (this.#keys.size > MAX_KEYS_PER_CLIENT && oldest !== undefined) this.#forget(oldest);
  }

  /** Returns whether two control connections share TLS sessions and can therefore belong to one client program. */
  sharesSessionsWith(other: TlsClient): boolean {
    return rootOf(this.#group) === rootOf(other.#group);
  }

  /**
   * Returns whether two clients are known to resume TLS sessions from different caches, so that a resumed session
   * identifies the client. A cache returns a session for several handshakes only until it stores a newer session. Two
   * clients that each kept a different session during the same period therefore have different caches.
   */
  isDistinctFrom(other: TlsClient): boolean {
    const [mine, theirs] = [this.#kept, other.#kept];
    if (mine === undefined || theirs === undefined || this.sharesSessionsWith(other)) return false;
    if (!this.alwaysResumes || !other.alwaysResumes) return false;
    return Math.max(mine.from, theirs.from) < Math.min(mine.until, theirs.until);
  }

  /** Records a port reservation. The client chooses the TLS session of its next data connection after this event. */
  noteReservation(): void {
    this.#reservedAt = this.#affinity.nextEvent();
  }

  /**
   * Returns the owner of the session that this client's data connection has resumed.
   * @param key undefined when the data connection resumed no session
   */
  relationTo(key: string | undefined): Relation {
    const session = key === undefined ? undefined : this.#affinity.sessions.get(key);
    if (session === undefined) return "Unknown";
    const isOwn = [...session.holders].some((other) => other === this || this.#isSameUser(other));
    return isOwn ? "Own" : "Foreign";
  }

  /**
   * Returns the owner of the session that a data connection resumed. Records the proof when this client is the owner.
   */
  identify(key: string | undefined): Relation {
    const relation = this.relationTo(key);
    if (relation === "Own" && key !== undefined) this.#resumed(key);
    return relation;
  }

  /** Returns whether the session with this key belongs to this client or to a client that shares sessions with it. */
  owns(key: string | undefined): boolean {
    const session = key === undefined ? undefined : this.#affinity.sessions.get(key);
    return session !== undefined && [...session.holders].some((other) => this.sharesSessionsWith(other));
  }

  /** Removes the sessions of this control connection, which has closed. */
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
    this.learn(key);
    const session = this.#affinity.sessions.get(key);
    const resumptions = this.#keys.get(key);
    if (session === undefined || resumptions === undefined) return;
    resumptions.count += 1;
    if (resumptions.count === 1) resumptions.first = this.#affinity.nextEvent();
    else if (this.#reservedAt > resumptions.first)
      this.#kept = { from: resumptions.first, until: this.#reservedAt };
    if (resumptions.count < session.proof) return;
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

/**
 * A group of clients that share TLS sessions. The groups form a disjoint-set tree, in which each root represents a
 * group.
 */
interface SharingGroup {
  parent: SharingGroup | undefined;
}

function rootOf(group: SharingGroup): SharingGroup {
  let root = group;
  while (root.parent !== undefined) root = root.parent;
  return root;
}
