import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";
import type { KernelCopy } from "../storage/local/system/kernel-copy.ts";

/**
 * Maximum number of bytes that the kernel moves for one upload in one event-loop tick. Moving this many bytes takes about
 * 1 ms.
 */
export const TICK_BYTES = 4 * 1024 * 1024;

/**
 * Returns the file descriptor of an unencrypted TCP connection for system calls that Node.js does not provide. The
 * descriptor is valid only until the next event. Returns undefined for a closed connection. Also returns undefined for
 * TLS, because the system calls would bypass encryption. Node.js has no documented property for the descriptor.
 */
export function descriptorOf(data: Duplex): number | undefined {
  return data instanceof TLSSocket ? undefined : connectionOf(data);
}

/**
 * Returns the number of sent bytes that the client has not acknowledged, including TLS data. While a slow client reads,
 * the number decreases long before the kernel accepts more bytes. Returns undefined when the kernel does not report the
 * number.
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
