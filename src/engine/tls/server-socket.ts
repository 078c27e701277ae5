import { Server } from "node:net";
import type { Duplex } from "node:stream";
import { type SecureContext, TLSSocket } from "node:tls";
import type { EngineTls } from "../../api/engine-config.ts";
import { EngineError } from "../errors.ts";
import { isTls12Session, sessionKey, sessionTime } from "./serialized-session.ts";
import type { SessionIds } from "./session-resumption.ts";
import { TruncationGuard } from "./relay.ts";

/** RFC 7301 registers this name for FTP; a client that offers others only meant another server (CVE-2021-3618). */
const ALPN_PROTOCOLS = ["ftp"];

/**
 * Key updates that a client may send on one connection, in addition to one per MiB that it sends. OpenSSL has no limit. An update
 * takes 14 microseconds and 27 bytes on the wire. 1 MB of them would block the event loop for 0.5 seconds.
 */
const MAX_KEY_UPDATES = 32;
const BYTES_PER_KEY_UPDATE = 1024 * 1024;
/** The name of the key log line for a key update of the client, as bytes. */
const KEY_UPDATE = Buffer.from("CLIENT_TRAFFIC_SECRET_N ");

export interface ServerSocketOptions {
  context: SecureContext;
  tls: EngineTls;
  sessionIds: SessionIds;
  /** Whether session tickets wait for `releaseTickets`. */
  holdTickets: boolean;
}

/** Called with the key of a client's session, and its creation time. */
export type Learn = (key: string | undefined, madeAt: number | undefined) => void;

/** The sessions that the client of one connection gets, stored until the client is identified. */
class IssuedSessions {
  readonly #waiting: Parameters<Learn>[] = [];
  #learn: Learn = (...session) => void this.#waiting.push(session);

  add(session: Buffer): void {
    this.#learn(sessionKey(session), sessionTime(session));
  }

  belongTo(learn: Learn): void {
    this.#learn = learn;
    for (const session of this.#waiting.splice(0)) learn(...session);
  }
}

/** Session tickets that wait until the client may get them. */
class HeldTickets {
  #waiting: (() => void)[] | undefined;

  constructor(isHolding: boolean) {
    this.#waiting = isHolding ? [] : undefined;
  }

  /** @param done releases the ticket */
  add(done: () => void): void {
    if (this.#waiting === undefined) done();
    else this.#waiting.push(done);
  }

  /** Later tickets are released immediately, too, because OpenSSL creates them after it has reported the handshake. */
  release(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const done of waiting) done();
  }
}

/** The server's side of TLS on one connection. */
export class ServerSocket extends TLSSocket {
  /** The key of the session that the handshake resumed; undefined when it resumed none. */
  resumedKey: string | undefined;
  readonly #tickets: HeldTickets;
  readonly #sessions: IssuedSessions;
  readonly #plain: Duplex;
  #keyUpdates = 0;

  constructor(plain: Duplex, options: ServerSocketOptions) {
    const { context, tls } = options;
    const tickets = new HeldTickets(options.holdTickets);
    const sessions = new IssuedSessions();
    super(plain, {
      isServer: true,
      secureContext: context,
      server: sessionListener(options.sessionIds, sessions, tickets),
      requestCert: tls.clientCertificates.mode !== "Disabled",
      rejectUnauthorized: tls.clientCertificates.mode === "Required",
      ALPNProtocols: ALPN_PROTOCOLS,
      ...(tls.serverNames.length === 0 ? {} : { SNICallback: onlyNames(tls.serverNames, context) }),
    });
    this.#tickets = tickets;
    // Read immediately, because it is not available after a connection that ends with its handshake.
    this.once("secure", () => (this.resumedKey = this.isSessionReused() ? this.key : undefined));
    this.#sessions = sessions;
    this.#plain = plain;
    this.disableRenegotiation();
    // Node reports errors that follow the handshake only to a tls.Server, unless this event is handled.
    this.on("_tlsError", (error: Error) => this.#fail(error));
    this.on("keylog", (line: Buffer) => this.#countKeyUpdate(line));
  }

  /** The key of the session that this handshake resumed or made; undefined while it has none (full TLS 1.3 handshake). */
  get key(): string | undefined {
    return sessionKey(this.getSession());
  }

  /** When the session with this key was made, in milliseconds since 1970. */
  get sessionTime(): number | undefined {
    return sessionTime(this.getSession());
  }

  /** What is wrong with the client's certificate; undefined when nothing is, or when it showed none. */
  get certificateProblem(): string | undefined {
    if (this.getPeerX509Certificate() === undefined) return undefined;
    // Node has no other way to the outcome of the verification on a socket that no tls.Server made.
    const handle: unknown = Reflect.get(this, "_handle");
    if (!hasVerifyError(handle)) return "cannot be verified";
    return handle.verifyError()?.message;
  }

  /** Identifies the client: `learn` is called with all sessions that it got and will get on this connection. */
  belongTo(learn: Learn): void {
    this.#sessions.belongTo(learn);
  }

  /** Marks the connection as a download. The client sends no data, so its end cannot cut an upload. */
  becomeDownload(): void {
    if (this.#plain instanceof TruncationGuard) this.#plain.disarm();
    this.releaseTickets();
  }

  /** Lets the tickets go. To a client that is still sending, they would be bytes that reset its connection once it closes. */
  releaseTickets(): void {
    this.#tickets.release();
  }

  #fail(error: Error): void {
    const isCut = this.#plain instanceof TruncationGuard && this.#plain.ended;
    this.destroy(
      isCut ? new EngineError("ConnectionLost", "The upload ended without a TLS close_notify") : error,
    );
  }

  #countKeyUpdate(line: Buffer): void {
    if (!line.subarray(0, KEY_UPDATE.length).equals(KEY_UPDATE)) return;
    this.#keyUpdates += 1;
    if (this.#keyUpdates > MAX_KEY_UPDATES + this.bytesRead / BYTES_PER_KEY_UPDATE)
      this.destroy(new EngineError("ConnectionLost", "The client sent too many TLS key updates"));
  }

  /**
   * Node frees what OpenSSL knows of the connection once that is closed; at once when it was destroyed before. But this may be called
   * by OpenSSL: it tells of a handshake from within SSL_read, and whoever waits for that goes on there, too. OpenSSL would then go
   * on with what is freed, and the whole process crash (Node 26.10). No immediate ever runs within OpenSSL.
   */
  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (this.#plain.destroyed) setImmediate(() => super._destroy(error, done));
    else super._destroy(error, done);
  }
}

/**
 * Hears of the sessions of one connection. Node tells them to a server, and not which connection they are of: so each connection
 * has a server of its own, which never listens.
 */
function sessionListener(sessionIds: SessionIds, sessions: IssuedSessions, tickets: HeldTickets): Server {
  const server = new Server();
  server.on("newSession", (id: Buffer, session: Buffer, done: () => void) => {
    sessions.add(session);
    const isTls12 = isTls12Session(session);
    if (isTls12) sessionIds.keep(id, session);
    // With TLS 1.2 this is told in the middle of the handshake, which would wait too; tickets come with it.
    if (isTls12) done();
    else tickets.add(done);
  });
  server.on("resumeSession", (id: Buffer, done: (error: null, session: Buffer | null) => void) =>
    done(null, sessionIds.find(id) ?? null),
  );
  return server;
}

function hasVerifyError(handle: unknown): handle is { verifyError(): Error | null | undefined } {
  return (
    typeof handle === "object" &&
    handle !== null &&
    "verifyError" in handle &&
    typeof handle.verifyError === "function"
  );
}

/** SNI for these names alone; a client that asks for another one is turned away (CVE-2021-3618). */
function onlyNames(names: readonly string[], context: SecureContext) {
  const known = new Set(names.map((name) => name.toLowerCase()));
  return (name: string, done: (error: Error | null, context?: SecureContext) => void): void => {
    if (known.has(name.toLowerCase())) done(null, context);
    else done(Object.assign(new Error("unknown server name"), { code: "UNKNOWN_SERVER_NAME" }));
  };
}
