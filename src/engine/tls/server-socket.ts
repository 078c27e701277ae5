import { Server } from "node:net";
import type { Duplex } from "node:stream";
import { type SecureContext, TLSSocket } from "node:tls";
import type { EngineTls } from "../../api/engine-tls.ts";
import { EngineError } from "../errors.ts";
import { isTls12Session, sessionKey, sessionTime } from "./serialized-session.ts";
import type { SessionIds } from "./session-resumption.ts";
import { DecryptedChunks } from "./decrypted-chunks.ts";
import { TruncationGuard } from "./relay.ts";

/**
 * Registered ALPN protocol name for FTP (RFC 7301). A client that offers only other protocols has connected to the
 * wrong server (CVE-2021-3618).
 */
const ALPN_PROTOCOLS = ["ftp"];

/**
 * Maximum number of client key updates per connection, in addition to one update per MiB received. OpenSSL has no
 * limit. One key update takes 14 microseconds of CPU time and 27 bytes on the network. Key updates with a total size of
 * 1 MB would block the event loop for 0.5 seconds.
 */
const MAX_KEY_UPDATES = 32;
const BYTES_PER_KEY_UPDATE = 1024 * 1024;
/** Prefix of the key log line for a client key update. */
const KEY_UPDATE = Buffer.from("CLIENT_TRAFFIC_SECRET_N ");

export interface ServerSocketOptions {
  context: SecureContext;
  tls: EngineTls;
  sessionIds: SessionIds;
  /** Whether to delay session tickets until a call to `releaseTickets`. */
  holdTickets: boolean;
}

/** Receives the key and creation time of a client's TLS session. */
export type Learn = (key: string | undefined, madeAt: number | undefined) => void;

/** TLS sessions that the engine has issued on one connection. They are stored until the client is identified. */
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

/** Session tickets that are delayed until the client has stopped sending data. */
class HeldTickets {
  #waiting: (() => void)[] | undefined;

  constructor(isHolding: boolean) {
    this.#waiting = isHolding ? [] : undefined;
  }

  /** @param done sends the ticket */
  add(done: () => void): void {
    if (this.#waiting === undefined) done();
    else this.#waiting.push(done);
  }

  /**
   * Sends all delayed tickets. Does not delay later tickets, because OpenSSL creates tickets after it has reported the
   * handshake.
   */
  release(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const done of waiting) done();
  }
}

/** Server side of TLS on one connection. */
export class ServerSocket extends TLSSocket {
  /** Key of the TLS session that the handshake resumed. The value is undefined after a full handshake. */
  resumedKey: string | undefined;
  readonly #tickets: HeldTickets;
  readonly #sessions: IssuedSessions;
  readonly #plain: Duplex;
  #keyUpdates = 0;
  #chunks: DecryptedChunks | undefined;

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
    // If the connection ends together with its handshake, the key is no longer available.
    this.once("secure", () => (this.resumedKey = this.isSessionReused() ? this.key : undefined));
    this.#sessions = sessions;
    this.#plain = plain;
    this.disableRenegotiation();
    // Without this listener, Node.js reports errors after the handshake only to a `tls.Server`.
    this.on("_tlsError", (error: Error) => this.#fail(error));
    this.on("keylog", (line: Buffer) => this.#countKeyUpdate(line));
  }

  /**
   * Key of the TLS session that the handshake resumed or created. The value is undefined after a full TLS 1.3
   * handshake.
   */
  get key(): string | undefined {
    return sessionKey(this.getSession());
  }

  /** Reason why the client certificate is invalid. The value is undefined for a valid or absent certificate. */
  get certificateError(): string | undefined {
    if (this.getPeerX509Certificate() === undefined) return undefined;
    // Node.js reports the verification result only to a `tls.Server`.
    const handle: unknown = Reflect.get(this, "_handle");
    if (!hasVerifyError(handle)) return "cannot be verified";
    return handle.verifyError()?.message;
  }

  /** Calls `learn` with each session that the engine has issued or will issue on this connection. */
  belongTo(learn: Learn): void {
    this.#sessions.belongTo(learn);
  }

  /** Marks the connection as a download. The client sends no data, so close_notify is not required. */
  becomeDownload(): void {
    if (this.#plain instanceof TruncationGuard) this.#plain.disarm();
    this.releaseTickets();
  }

  /** Marks the connection as an upload. The socket reuses the memory of released chunks. */
  becomeUpload(): void {
    // Without the guard, Node.js passes read errors to native code that provides the memory. Some versions of this code
    // accept only the end of the connection, and end the process otherwise.
    if (this.#plain instanceof TruncationGuard) this.#chunks = DecryptedChunks.of(this);
  }

  /** Releases the memory of chunks that the socket has emitted and that are no longer in use. */
  releaseChunks(chunks: readonly Uint8Array[]): void {
    for (const chunk of chunks) this.#chunks?.release(chunk);
  }

  /**
   * Sends the held tickets. Tickets that a sending client has not read would cause a connection reset when the client
   * closes the connection.
   */
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
   * Delays the destruction of the TLS socket if the underlying connection has already been destroyed. Node.js would
   * otherwise free the OpenSSL object immediately. OpenSSL reports a handshake from within SSL_read, so this method can
   * run inside an OpenSSL call. Freeing the object inside this call would crash the process (Node.js 26.10). A
   * `setImmediate` callback never runs inside an OpenSSL call.
   */
  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (this.#plain.destroyed) setImmediate(() => super._destroy(error, done));
    else super._destroy(error, done);
  }
}

/**
 * Returns a server object that receives the TLS sessions of one connection. The server never listens. Each connection
 * needs a separate server object, because Node.js does not report to which connection a session belongs.
 */
function sessionListener(sessionIds: SessionIds, sessions: IssuedSessions, tickets: HeldTickets): Server {
  const server = new Server();
  server.on("newSession", (id: Buffer, session: Buffer, done: () => void) => {
    sessions.add(session);
    const isTls12 = isTls12Session(session);
    if (isTls12) sessionIds.keep(id, session);
    // In TLS 1.2, OpenSSL reports the session during the handshake, and waits for the call to `done`.
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

/** Returns an SNI callback that accepts only the given names (CVE-2021-3618). */
function onlyNames(names: readonly string[], context: SecureContext) {
  const known = new Set(names.map((name) => name.toLowerCase()));
  return (name: string, done: (error: Error | null, context?: SecureContext) => void): void => {
    if (known.has(name.toLowerCase())) done(null, context);
    else done(Object.assign(new Error("unknown server name"), { code: "UNKNOWN_SERVER_NAME" }));
  };
}
