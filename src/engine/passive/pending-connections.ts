import { randomInt } from "node:crypto";
import type { Socket } from "node:net";
import { nothingToCancel, type Clock } from "../../common/clock.ts";
import { EngineError } from "../errors.ts";

/** Maximum number of connections to one port under one client key that wait to be identified, beyond one for each reservation there. */
export const MAX_STRANGERS_PER_PORT = 64;
/** The same for all ports together. */
export const MAX_STRANGERS_PER_CLIENT = 256;

const SILENT = "A connection came that did not start TLS";

/** A connection to a passive port whose session is not identified yet. */
export class Candidate {
  readonly socket: Socket;
  readonly port: number;
  readonly client: string;
  /** Whether the client's first bytes have arrived. Until then only the socket takes memory. */
  hasSpoken = false;
  /** Whether the reservations on its port have ended. */
  isUnwanted = false;
  readonly #start = Promise.withResolvers<void>();
  readonly #onHello: () => void;
  #cancelStart = nothingToCancel;

  /** @param onHello called when the client's first bytes have arrived */
  constructor({ socket, port, client }: Pick<Candidate, "socket" | "port" | "client">, onHello: () => void) {
    this.socket = socket;
    this.port = port;
    this.client = client;
    this.#onHello = onHello;
    // Without listeners, Node throws these errors.
    socket.on("error", () => {});
    this.#start.promise.catch(() => {});
    socket.once("close", () => {
      this.#cancelStart();
      this.#start.reject(new EngineError("DataConnectionFailed", SILENT));
    });
    socket.on("readable", this.#onReadable);
  }

  /** Resolves when the handshake may start. Rejects when the connection is closed before. */
  get started(): Promise<void> {
    return this.#start.promise;
  }

  start(): void {
    this.#cancelStart();
    this.#start.resolve();
  }

  /** Starts after some milliseconds, unless it starts earlier for another reason. */
  startAfter(clock: Clock, wait: number): void {
    this.#cancelStart = clock.schedule(wait, () => this.start());
  }

  readonly #onReadable = (): void => {
    const { socket } = this;
    // Its end is reported in this way, too.
    if (socket.readableLength === 0) {
      socket.destroy();
      return;
    }
    socket.off("readable", this.#onReadable);
    this.hasSpoken = true;
    this.#onHello();
  };
}

type Group = Map<string, Set<Candidate>>;

const NONE: ReadonlySet<Candidate> = new Set();

/** The connections that wait to be identified. */
export class Candidates {
  readonly #byClient: Group = new Map();
  /** By port and client. */
  readonly #byPlace: Group = new Map();

  /**
   * Adds a connection. When there are too many, a random one is dropped, whatever it has sent: half a ClientHello is as cheap as
   * silence, and an attacker with many connections must have no certain way to exclude others.
   * @param reservations of this client: on this port and on all ports
   */
  add(candidate: Candidate, reservations: { here: number; everywhere: number }): void {
    const { client, port } = candidate;
    this.#makeRoom(this.at(port, client), MAX_STRANGERS_PER_PORT + reservations.here);
    this.#makeRoom(this.#byClient.get(client) ?? NONE, MAX_STRANGERS_PER_CLIENT + reservations.everywhere);
    addTo(this.#byClient, client, candidate);
    addTo(this.#byPlace, placeOf(port, client), candidate);
  }

  at(port: number, client: string): ReadonlySet<Candidate> {
    return this.#byPlace.get(placeOf(port, client)) ?? NONE;
  }

  remove(candidate: Candidate): void {
    removeFrom(this.#byClient, candidate.client, candidate);
    removeFrom(this.#byPlace, placeOf(candidate.port, candidate.client), candidate);
  }

  /** Drops all connections when the last reservation on the port has ended. */
  dismiss(port: number, client: string): void {
    for (const candidate of this.at(port, client)) {
      candidate.isUnwanted = true;
      this.#drop(candidate);
    }
  }

  #drop(candidate: Candidate): void {
    this.remove(candidate);
    candidate.socket.destroy();
  }

  #makeRoom(candidates: ReadonlySet<Candidate>, most: number): void {
    if (candidates.size < most) return;
    const loser = [...candidates][randomInt(candidates.size)];
    if (loser !== undefined) this.#drop(loser);
  }
}

function placeOf(port: number, client: string): string {
  return `${port} ${client}`;
}

function addTo(group: Group, key: string, candidate: Candidate): void {
  const members = group.get(key);
  if (members === undefined) group.set(key, new Set([candidate]));
  else members.add(candidate);
}

function removeFrom(group: Group, key: string, candidate: Candidate): void {
  const members = group.get(key);
  members?.delete(candidate);
  if (members?.size === 0) group.delete(key);
}
