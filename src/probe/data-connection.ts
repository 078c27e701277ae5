import type { Socket } from "node:net";
import { type ControlConnection, dial, type End, secure } from "./control-connection.ts";
import { CheckFailure } from "./failure.ts";
import type { CheckRequest } from "./request.ts";

/** Asks for a passive port by PASV (RFC 959) or EPSV (RFC 2428). @throws CheckFailure PassiveRefused */
export async function enterPassive(control: ControlConnection, command: "PASV" | "EPSV"): Promise<End> {
  const { lines } = await control.expect("PassiveRefused", "2", command);
  const text = lines.join(" ");
  const end = command === "PASV" ? readPasv(text) : readEpsv(text, control.address);
  if (end === undefined) throw new CheckFailure("PassiveRefused", `the reply to ${command} names no port`);
  return end;
}

function readPasv(text: string): End | undefined {
  const numbers = /(\d{1,3}),(\d{1,3}),(\d{1,3}),(\d{1,3}),(\d{1,3}),(\d{1,3})/
    .exec(text)
    ?.slice(1)
    .map(Number);
  if (numbers === undefined || numbers.some((number) => number > 255)) return undefined;
  const [high = 0, low = 0] = numbers.slice(4);
  return { address: numbers.slice(0, 4).join("."), port: high * 256 + low };
}

function readEpsv(text: string, address: string): End | undefined {
  const port = Number(/\((.)\1\1(\d{1,5})\1\)/.exec(text)?.[2]);
  return port >= 1 && port <= 65535 ? { address, port } : undefined;
}

/** What ends a listing that does not end by itself. */
export interface ListingLimits {
  signal?: AbortSignal;
  /** Longest listing that is read, in bytes; undefined: any. */
  maxListingBytes?: number;
}

/**
 * Lists the directory over a data connection.
 * @returns bytes of the listing
 * @throws CheckFailure AddressUnreachable, DataConnectFailed, DataEncryptionFailed, TransferFailed
 */
export async function list(
  control: ControlConnection,
  end: End,
  request: CheckRequest,
  { signal, maxListingBytes }: ListingLimits = {},
): Promise<number> {
  const { address, port } = end;
  const plain = await dial(end, request.timeoutMilliseconds, signal).catch((error: Error) => {
    const reason = address === control.address ? "DataConnectFailed" : "AddressUnreachable";
    throw new CheckFailure(reason, `${address} port ${port}: ${error.message}`);
  });
  try {
    const begun = control.expect("TransferFailed", "1", "LIST");
    // At once: a server may want TLS before it answers.
    const secured = request.tls === "None" ? Promise.resolve(plain) : encrypt(plain, control, request);
    begun.catch(() => plain.destroy());
    // What the server says tells more than how the data connection broke.
    await Promise.allSettled([begun, secured]);
    await begun;
    const socket = await secured;
    const bytes = await readToEnd(socket, request.timeoutMilliseconds, maxListingBytes);
    await control.expect("TransferFailed", "2");
    return bytes;
  } finally {
    plain.destroy();
  }
}

function encrypt(plain: Socket, control: ControlConnection, request: CheckRequest): Promise<Socket> {
  return secure(plain, request, control.tlsSession).catch((error: Error) => {
    throw new CheckFailure("DataEncryptionFailed", error.message);
  });
}

async function readToEnd(socket: Socket, timeoutMilliseconds: number, mostBytes = Infinity): Promise<number> {
  let bytes = 0;
  socket.setTimeout(timeoutMilliseconds, () => socket.destroy(new Error("no byte came for too long")));
  try {
    for await (const piece of socket) {
      bytes += Buffer.byteLength(piece);
      if (bytes > mostBytes) throw new Error(`the listing has more than ${mostBytes} bytes`);
    }
    return bytes;
  } catch (error) {
    throw new CheckFailure("TransferFailed", error instanceof Error ? error.message : String(error));
  }
}
