/** Defines the types and decisions in the model of the passive pool. */
import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { setImmediate as nextTick } from "node:timers/promises";
import {
  REJECTION_WAIT,
  PENDING_CONNECTION_WAIT,
  SOLE_CONNECTION_WAIT,
  type PassiveSource,
} from "../../../src/engine/passive/reservation.ts";
import type { EngineError } from "../../../src/engine/errors.ts";
import type { TlsClient } from "../../../src/engine/tls/session-affinity.ts";

/** Maximum number of event-loop ticks to wait for an expected event. */
const MAX_TICKS = 5000;

/** Predicted state of a reservation. */
export interface ExpectedReservation {
  client: string;
  tlsClient: TlsClient | undefined;
  source: PassiveSource;
  madeAt: number;
  state: "Reserved" | "Awaited" | "Connected" | "Over";
  awaitedAt: number;
  /** Time at which the reservation expires. */
  endsAt: number;
  shared: boolean;
  /** The first connection that did not resume one of the client's TLS sessions. */
  held: { tag: string; at: number } | undefined;
  /** Whether several connections arrived that did not resume a TLS session. */
  ambiguous: boolean;
  /** Whether the engine rejected a connection to the port. */
  rejected: boolean;
  /** Time of the decision: when the held connection is used, or when the wait after a rejection ends. */
  decision: { at: number; takes: boolean } | undefined;
  /** Tag of the connection that is assigned to the reservation. */
  tag: string | undefined;
  /** Result of `open`: the tag of the connection, or undefined after a failure. */
  opened: Promise<string | undefined> | undefined;
}

/** A queued request for a port. */
export interface Waiter {
  client: string;
  tlsClient: TlsClient | undefined;
  until: number;
  outcome: PassiveSource | EngineError | undefined;
}

/** A client connection that is not assigned to a reservation yet. */
export interface PendingClient {
  socket: Socket;
  port: number;
  client: string;
  key: string;
  /** First bytes from the client, or undefined until the client sends data. */
  tag: string | undefined;
  /** Time at which the TLS handshake starts if no transfer command arrives first. */
  startsAt: number;
}

/** TLS clients and their relation to a TLS session at one point in time. */
export interface SessionOwners {
  own: ReadonlySet<TlsClient>;
  /** TLS clients for which the TLS session is unknown, and which accept a connection with an unknown session. */
  unknown: ReadonlySet<TlsClient>;
  sharing: ReadonlySet<TlsClient>;
}

/** Returns whether a reservation in this state holds its port. */
export function holdsPort(state: ExpectedReservation["state"]): boolean {
  return state === "Reserved" || state === "Awaited";
}

/** Returns the next decision for a reservation. @param others number of pending connections on its port */
export function decisionOf(
  reservation: ExpectedReservation,
  others: number,
  now: number,
): ExpectedReservation["decision"] {
  if (reservation.state !== "Awaited") return undefined;
  if (reservation.held !== undefined) {
    const patience = Math.max(reservation.awaitedAt, reservation.held.at) + PENDING_CONNECTION_WAIT;
    return {
      at: others > 0 ? patience : reservation.awaitedAt + SOLE_CONNECTION_WAIT.sameAddress,
      takes: true,
    };
  }
  return others === 0 && reservation.rejected ? { at: now + REJECTION_WAIT, takes: false } : undefined;
}

/** Returns the first bytes of a connection, or undefined when the connection ends without data. */
export async function firstBytes(data: NodeJS.ReadableStream): Promise<string | undefined> {
  const ended = Promise.withResolvers<undefined>();
  const over = (): void => ended.resolve(undefined);
  data.once("end", over).once("close", over).once("error", over);
  const chunk = new Promise<string>((resolve) => data.once("data", (bytes) => resolve(String(bytes))));
  data.resume();
  const bytes = await Promise.race([chunk, ended.promise]);
  data.pause();
  return bytes;
}

/** Waits until a condition is true, for a limited number of event-loop ticks. */
export async function until(condition: () => boolean, otherwise: string): Promise<void> {
  for (let tick = 0; !condition(); tick++) {
    assert.ok(tick < MAX_TICKS, otherwise);
    await nextTick();
  }
}
