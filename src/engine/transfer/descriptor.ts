import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";
import type { KernelCopy } from "../storage/local/system/kernel-copy.ts";

/** Maximum number of bytes moved within the kernel in one event-loop tick: about a millisecond. */
export const TICK_BYTES = 4 * 1024 * 1024;

/**
 * Returns the file descriptor of a plain TCP connection, for system calls that Node does not make. It is valid until the next event.
 * Undefined for a closed connection and for TLS, which the system calls would bypass. Node has no documented property for it.
 */
export function descriptorOf(data: Duplex): number | undefined {
  return data instanceof TLSSocket ? undefined : connectionOf(data);
}

/**
 * Returns the number of bytes in the kernel that the client has not acknowledged, also with TLS. It decreases while a slow client
 * reads, long before the kernel accepts more bytes. Undefined when the kernel does not report it.
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
