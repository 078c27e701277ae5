import type { Duplex } from "node:stream";
import type { EngineTls } from "../../api/engine-config.ts";
import type { Clock } from "../../common/clock.ts";
import { EngineError } from "../errors.ts";
import type { Credentials } from "./credentials.ts";
import { TLS12_PROOF, TLS13_PROOF, TlsFamilies, type TlsClient } from "./session-affinity.ts";
import { type Learn, ServerSocket } from "./server-socket.ts";
import { sessionKey } from "./serialized-session.ts";
import { SessionIds } from "./session-resumption.ts";
import { TruncationGuard } from "./relay.ts";

/** What a handshake came to. */
export interface Handshake {
  version: string;
  resumed: boolean;
  /** What the client asked for by SNI. */
  serverName: string | undefined;
  /** Names in the client's certificate, if it showed one. */
  clientNames: { common: string | undefined; alternative: string[] } | undefined;
}

export type TlsChannel = "Control" | "Data";

export type TlsFailure = "Timeout" | "Certificate" | "Alpn" | "ServerName" | "Version" | "Lost" | "Other";

/** What the layer tells about handshakes. */
export interface TlsObserver {
  tlsHandshake(channel: TlsChannel, version: string, resumed: boolean): void;
  tlsFailed(channel: TlsChannel, reason: TlsFailure): void;
}

/** Codes of handshake errors, and what they mean. */
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
  /** Upload: tickets wait for `releaseTickets`. */
  direction: "Upload" | "Download";
  /** Whether a connection that ends without close_notify breaks with an error. */
  refuseCut: boolean;
}

/** FTPS of one server: the current certificate and rules, and what is known about TLS sessions. */
export class TlsLayer {
  readonly families: TlsFamilies;
  config: EngineTls;
  #credentials: Credentials;
  readonly #sessionIds = new SessionIds((session) => this.families.isHeld(sessionKey(session)));
  readonly #observer: TlsObserver;
  readonly #clock: Clock;

  constructor(config: EngineTls, credentials: Credentials, observer: TlsObserver, clock: Clock) {
    this.config = config;
    this.#credentials = credentials;
    this.#observer = observer;
    this.#clock = clock;
    this.families = new TlsFamilies(() => clock.now());
  }

  /** New handshakes follow these; connections that are there go on. */
  reconfigure(config: EngineTls, credentials: Credentials): void {
    this.config = config;
    if (credentials.sessionRules !== this.#credentials.sessionRules) this.families.generation += 1;
    this.#credentials = credentials;
  }

  /**
   * Starts TLS on a control connection. The stream it returns carries data after the handshake, and is destroyed when that fails.
   * @param onSecure called before any data
   */
  control(plain: Duplex, member: TlsClient, onSecure: (handshake: Handshake) => void): Duplex {
    const socket = this.#socket(plain, false);
    const learn: Learn = (key, madeAt) =>
      member.learn(key, socket.getProtocol() === "TLSv1.3" ? TLS13_PROOF : TLS12_PROOF, madeAt);
    socket.belongTo(learn);
    const failed = (error: Error): void => void this.#failed("Control", error);
    socket.once("error", failed);
    socket.once("secure", () => {
      socket.off("error", failed);
      try {
        this.#checkCertificate(socket);
        this.#checkAge(socket);
      } catch (error) {
        this.#failed("Control", error);
        socket.destroy();
        return;
      }
      learn(socket.key, socket.sessionTime);
      this.#done("Control", socket);
      onSecure(handshakeOf(socket));
    });
    return socket;
  }

  /**
   * Performs the handshake on a data connection. The caller identifies its session, and assigns the TLS sessions that its client
   * gets.
   * @throws EngineError DataConnectionFailed
   */
  async data(plain: Duplex, options: DataOptions): Promise<ServerSocket> {
    const { timeoutMilliseconds, direction, refuseCut } = options;
    // The client closed the connection while it waited for a transfer command. TLS would not detect that.
    if (plain.destroyed) throw this.#failed("Data", coded("ECONNRESET"));
    const guard = refuseCut ? new TruncationGuard(plain) : undefined;
    const socket = this.#socket(guard ?? plain, direction === "Upload");
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const onLost = (): void => reject(coded("ECONNRESET"));
    const cancel = this.#clock.schedule(timeoutMilliseconds, () => reject(coded("HANDSHAKE_TIMEOUT")));
    // Kept: an error that comes late must not be thrown.
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
    this.#done("Data", socket);
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
    if (socket.certificateProblem !== undefined) throw coded("CLIENT_CERTIFICATE");
  }

  /**
   * A resumed session knows its certificate, but was judged long ago. Not asked of data connections: they belong to a control
   * connection, which goes on when its certificate expires.
   */
  #checkAge(socket: ServerSocket): void {
    const certificate = socket.getPeerX509Certificate();
    if (certificate !== undefined && certificate.validToDate.getTime() < this.#clock.now())
      throw coded("CLIENT_CERTIFICATE");
  }

  #done(channel: TlsChannel, socket: ServerSocket): void {
    this.#observer.tlsHandshake(channel, socket.getProtocol() ?? "unknown", socket.isSessionReused());
  }

  #failed(channel: TlsChannel, error: unknown): EngineError {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    this.#observer.tlsFailed(channel, FAILURES[code] ?? "Other");
    return new EngineError("DataConnectionFailed", "TLS failed on the data connection", { cause: error });
  }
}

function coded(code: string): Error {
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

/** DNS names and e-mail addresses of a subjectAltName as Node prints it. */
function alternativeNames(text: string): string[] {
  // A quoted value may hold anything, and is none that a name could equal.
  return [...text.replaceAll(/"(?:[^"\\]|\\.)*"/gu, "").matchAll(/(?:^|, )(?:DNS|email):([^,]+)/gu)].map(
    (match) => match[1] ?? "",
  );
}
