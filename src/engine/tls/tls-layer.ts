import type { Duplex } from "node:stream";
import type { EngineTls } from "../../api/engine-tls.ts";
import type { Clock } from "../../common/clock.ts";
import { EngineError } from "../errors.ts";
import type { ConnectionType, TlsFailure, TlsObserver } from "../observer.ts";
import type { Credentials } from "./credentials.ts";
import { TLS12_PROOF, TLS13_PROOF, TlsSessionAffinity, type TlsClient } from "./session-affinity.ts";
import { type Learn, ServerSocket } from "./server-socket.ts";
import { sessionKey, sessionTime } from "./serialized-session.ts";
import { SessionIds } from "./session-resumption.ts";
import { TruncationGuard } from "./relay.ts";

/** Result of a handshake on a control connection. */
export interface Handshake {
  version: string;
  resumed: boolean;
  /** Server name that the client requested (SNI). */
  serverName: string | undefined;
  /** Names in the client certificate. The value is undefined without a certificate. */
  clientNames: { common: string | undefined; alternative: string[] } | undefined;
}

/** Failure reasons for handshakes, keyed by error code. */
const FAILURES: Readonly<Record<string, TlsFailure>> = {
  ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE: "Certificate",
  CLIENT_CERTIFICATE: "Certificate",
  ERR_SSL_NO_APPLICATION_PROTOCOL: "Alpn",
  UNKNOWN_SERVER_NAME: "ServerName",
  ERR_SSL_UNSUPPORTED_PROTOCOL: "Version",
  ERR_SSL_WRONG_VERSION_NUMBER: "Version",
  HANDSHAKE_TIMEOUT: "Timeout",
  ECONNRESET: "Lost",
};

export interface DataOptions {
  timeoutMilliseconds: number;
  /** Direction of the transfer. An upload delays session tickets until a call to `releaseTickets`. */
  direction: "Upload" | "Download";
  /** Whether the socket emits an error if the connection ends without close_notify. */
  requireCloseNotify: boolean;
}

/** The TLS layer of the engine: the current certificate, the settings, and the clients' TLS sessions. */
export class TlsLayer {
  readonly affinity: TlsSessionAffinity;
  config: EngineTls;
  #credentials: Credentials;
  readonly #sessionIds = new SessionIds((session) => this.affinity.has(sessionKey(session)));
  readonly #observer: TlsObserver;
  readonly #clock: Clock;

  constructor(config: EngineTls, credentials: Credentials, observer: TlsObserver, clock: Clock) {
    this.config = config;
    this.#credentials = credentials;
    this.#observer = observer;
    this.#clock = clock;
    this.affinity = new TlsSessionAffinity(() => clock.now());
  }

  /** Applies the configuration to new handshakes. Existing connections do not change. */
  reconfigure(config: EngineTls, credentials: Credentials): void {
    this.config = config;
    if (credentials.sessionRules !== this.#credentials.sessionRules) this.affinity.generation += 1;
    this.#credentials = credentials;
  }

  /**
   * Starts TLS on a control connection. The returned stream carries data after the handshake. If the handshake fails,
   * the engine destroys the stream.
   * @param onSecure called after the handshake and before any data
   */
  control(plain: Duplex, tlsClient: TlsClient, onSecure: (handshake: Handshake) => void): Duplex {
    const socket = this.#socket(plain, false);
    const learn: Learn = (key, madeAt) =>
      tlsClient.learn(key, socket.getProtocol() === "TLSv1.3" ? TLS13_PROOF : TLS12_PROOF, madeAt);
    socket.belongTo(learn);
    const failed = (error: Error): void => void this.#failed("Control", error);
    socket.once("error", failed);
    socket.once("secure", () => {
      socket.off("error", failed);
      try {
        this.#checkCertificate(socket);
        this.#checkExpiry(socket);
      } catch (error) {
        this.#failed("Control", error);
        socket.destroy();
        return;
      }
      const session = socket.getSession();
      learn(sessionKey(session), sessionTime(session));
      this.#report("Control", socket);
      onSecure(handshakeOf(socket));
    });
    return socket;
  }

  /**
   * Performs the TLS handshake on a data connection. Does not identify the FTP session or record the client's TLS
   * sessions.
   * @throws EngineError DataConnectionFailed
   */
  async data(plain: Duplex, options: DataOptions): Promise<ServerSocket> {
    const { timeoutMilliseconds, direction, requireCloseNotify } = options;
    // The TLS socket does not detect that the client closed the connection before the transfer command.
    if (plain.destroyed) throw this.#failed("Data", errorWithCode("ECONNRESET"));
    const guard = requireCloseNotify ? new TruncationGuard(plain) : undefined;
    const socket = this.#socket(guard ?? plain, direction === "Upload");
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const onLost = (): void => reject(errorWithCode("ECONNRESET"));
    const cancel = this.#clock.schedule(timeoutMilliseconds, () =>
      reject(errorWithCode("HANDSHAKE_TIMEOUT")),
    );
    // The error listener remains after the handshake, because Node.js would otherwise throw later errors.
    socket.on("error", (error) => (guard?.ended === true ? onLost() : reject(error)));
    socket.once("secure", resolve).once("end", onLost).once("close", onLost);
    try {
      await promise;
      this.#checkCertificate(socket);
    } catch (error) {
      socket.destroy();
      throw this.#failed("Data", error);
    } finally {
      cancel();
      socket.off("end", onLost).off("close", onLost);
    }
    socket.once("end", () => socket.releaseTickets());
    this.#report("Data", socket);
    return socket;
  }

  #socket(plain: Duplex, holdTickets: boolean): ServerSocket {
    const { context } = this.#credentials;
    return new ServerSocket(plain, {
      context,
      tls: this.config,
      sessionIds: this.#sessionIds,
      holdTickets,
    });
  }

  #checkCertificate(socket: ServerSocket): void {
    if (socket.certificateError !== undefined) throw errorWithCode("CLIENT_CERTIFICATE");
  }

  /**
   * Rejects an expired client certificate in a resumed session, because OpenSSL verifies the certificate only in the
   * full handshake. Data connections are exempt, because their control connection remains open after the certificate
   * expires.
   */
  #checkExpiry(socket: ServerSocket): void {
    const certificate = socket.getPeerX509Certificate();
    if (certificate !== undefined && certificate.validToDate.getTime() < this.#clock.now())
      throw errorWithCode("CLIENT_CERTIFICATE");
  }

  #report(connection: ConnectionType, socket: ServerSocket): void {
    this.#observer.tlsHandshake(connection, socket.getProtocol() ?? "unknown", socket.isSessionReused());
  }

  #failed(connection: ConnectionType, error: unknown): EngineError {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    this.#observer.tlsFailed(connection, FAILURES[code] ?? "Other");
    return new EngineError("DataConnectionFailed", "TLS failed on the data connection", { cause: error });
  }
}

function errorWithCode(code: string): Error {
  return Object.assign(new Error(code), { code });
}

function handshakeOf(socket: ServerSocket): Handshake {
  const certificate = socket.getPeerX509Certificate();
  const { servername } = socket;
  return {
    version: socket.getProtocol() ?? "unknown",
    resumed: socket.isSessionReused(),
    serverName: typeof servername === "string" ? servername : undefined,
    clientNames:
      certificate === undefined
        ? undefined
        : {
            common: /(?:^|\n)CN=(.*)/u.exec(certificate.subject)?.[1],
            alternative: alternativeNames(certificate.subjectAltName ?? ""),
          },
  };
}

/** Returns the DNS names and email addresses in a subjectAltName extension in Node.js's text format. */
function alternativeNames(text: string): string[] {
  // The result excludes quoted values, which can contain any text.
  return [...text.replaceAll(/"(?:[^"\\]|\\.)*"/gu, "").matchAll(/(?:^|, )(?:DNS|email):([^,]+)/gu)].map(
    (match) => match[1] ?? "",
  );
}
