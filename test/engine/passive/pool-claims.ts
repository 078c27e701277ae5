/** What the model of the passive pool is made of. */
import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import {
  REJECTION_WAIT,
  PENDING_CONNECTION_WAIT,
  SOLE_CONNECTION_WAIT,
  type PassiveSource,
} from "../../../src/engine/passive/reservation.ts";
import type { EngineError } from "../../../src/engine/errors.ts";
import type { TlsClient } from "../../../src/engine/tls/session-affinity.ts";

/** Turns of the event loop after which something is not going to happen any more. */
const PATIENCE = 5000;

/** A reservation as the model sees it. */
export interface Claim {
  client: string;
  tlsClient: TlsClient | undefined;
  source: PassiveSource;
  madeAt: number;
  state: "Reserved" | "Awaited" | "Connected" | "Over";
  awaitedAt: number;
  /** When it ends by itself. */
  endsAt: number;
  shared: boolean;
  /** What the one connection says that came and resumed nothing. */
  held: { tag: string; at: number } | undefined;
  /** Whether several of those came. */
  contested: boolean;
  /** Whether one was turned away that might have been its own. */
  refused: boolean;
  /** When it takes what it holds, or stops waiting for another connection than those that were refused. */
  decision: { at: number; takes: boolean } | undefined;
  /** What the connection says that is its own. */
  tag: string | undefined;
  /** What `open` gave: the tag of the connection, or nothing. */
  opened: Promise<string | undefined> | undefined;
}

/** Someone who waits for a port. */
export interface Waiter {
  client: string;
  tlsClient: TlsClient | undefined;
  until: number;
  outcome: PassiveSource | EngineError | undefined;
}

/** A connection of which the pool does not know yet whose it is. */
export interface Unidentified {
  socket: Socket;
  port: number;
  client: string;
  key: string;
  /** What it has said; undefined while it is silent. */
  tag: string | undefined;
  /** When its handshake starts, even if no transfer command comes. */
  startsAt: number;
}

/** Whose a TLS session is at one moment. */
export interface SessionsNow {
  own: ReadonlySet<TlsClient>;
  /** Those for whom a connection with it may be the first that comes. */
  unknown: ReadonlySet<TlsClient>;
  family: ReadonlySet<TlsClient>;
}

/** Whether it waits for a connection, and so holds its port. */
export function inBook(state: Claim["state"]): boolean {
  return state === "Reserved" || state === "Awaited";
}

/** What a claim decides when no more comes. @param others that wait on its port to be identified */
export function decisionOf(claim: Claim, others: number, now: number): Claim["decision"] {
  if (claim.state !== "Awaited") return undefined;
  if (claim.held !== undefined) {
    const patience = Math.max(claim.awaitedAt, claim.held.at) + PENDING_CONNECTION_WAIT;
    return { at: others > 0 ? patience : claim.awaitedAt + SOLE_CONNECTION_WAIT.sameAddress, takes: true };
  }
  return others === 0 && claim.refused ? { at: now + REJECTION_WAIT, takes: false } : undefined;
}

/** The first bytes that come; undefined when the connection ends before. */
export async function firstWords(data: NodeJS.ReadableStream): Promise<string | undefined> {
  const ended = Promise.withResolvers<undefined>();
  const over = (): void => ended.resolve(undefined);
  data.once("end", over).once("close", over).once("error", over);
  const chunk = new Promise<string>((resolve) => data.once("data", (bytes) => resolve(String(bytes))));
  data.resume();
  const said = await Promise.race([chunk, ended.promise]);
  data.pause();
  return said;
}

/** Waits for something that takes a few turns of the event loop. */
export async function until(condition: () => boolean, otherwise: string): Promise<void> {
  for (let turn = 0; !condition(); turn++) {
    assert.ok(turn < PATIENCE, otherwise);
    await nextTurn();
  }
}
