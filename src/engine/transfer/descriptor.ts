import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";
import type { KernelCopy } from "../storage/local/system/kernel-copy.ts";

/** What moves within the kernel at one go, in bytes, before others have their turn: about a millisecond. */
export const TURN_BYTES = 4 * 1024 * 1024;

/**
 * The descriptor of a plain TCP connection, for the system calls that Node does not make. Valid until the next event. Node has no
 * documented way to it; undefined where this one ends one day, for a connection that is gone, and for TLS, which would be passed by.
 */
export function descriptorOf(data: Duplex): number | undefined {
  return data instanceof TLSSocket ? undefined : connectionOf(data);
}

/**
 * Bytes that the kernel has for the client and that it has not taken yet, under TLS too. They become fewer while a slow client reads,
 * for long before the kernel takes more of us. Undefined where that cannot be known.
 */
export function unsentBytes(data: Duplex, kernelCopy: KernelCopy | undefined): number | undefined {
  const descriptor = connectionOf(data);
  return descriptor === undefined ? undefined : kernelCopy?.unsent(descriptor);
}

function connectionOf(data: Duplex): number | undefined {
  if (!(data instanceof Socket)) return undefined;
  const handle: unknown = Reflect.get(data, "_handle");
  const descriptor: unknown = typeof handle === "object" && handle !== null && Reflect.get(handle, "fd");
  return typeof descriptor === "number" && descriptor >= 0 ? descriptor : undefined;
}
