import type { Socket } from "node:net";
import { connectTcp, connectTls } from "./connect.ts";
import type { ControlConnection } from "./control-connection.ts";
import { ProbeFailure } from "./failure.ts";
import type { Endpoint, ProbeLimits, ProbeRequest } from "./request.ts";

/** Requests a passive port with PASV (RFC 959) or EPSV (RFC 2428). @throws ProbeFailure PassiveModeRejected */
export async function enterPassive(control: ControlConnection, command: "PASV" | "EPSV"): Promise<Endpoint> {
  const { lines } = await control.expect("PassiveModeRejected", "2", command);
  const text = lines.join(" ");
  const endpoint = command === "PASV" ? parsePasv(text) : parseEpsv(text, control.address);
  if (endpoint === undefined)
    throw new ProbeFailure("PassiveModeRejected", `the reply to ${command} contains no port`);
  return endpoint;
}

function parsePasv(text: string): Endpoint | undefined {
  const numbers = /(\d{1,3}),(\d{1,3}),(\d{1,3}),(\d{1,3}),(\d{1,3}),(\d{1,3})/
    .exec(text)
    ?.slice(1)
    .map(Number);
  if (numbers === undefined || numbers.some((number) => number > 255)) return undefined;
  const [high = 0, low = 0] = numbers.slice(4);
  return { address: numbers.slice(0, 4).join("."), port: high * 256 + low };
}

function parseEpsv(text: string, address: string): Endpoint | undefined {
  const port = Number(/\((.)\1\1(\d{1,5})\1\)/.exec(text)?.[2]);
  return port >= 1 && port <= 65535 ? { address, port } : undefined;
}

/**
 * Lists the working directory over a data connection.
 * @returns size of the listing in bytes
 * @throws ProbeFailure AddressUnreachable, DataConnectFailed, DataEncryptionFailed, TransferFailed
 */
export async function list(
  control: ControlConnection,
  endpoint: Endpoint,
  request: ProbeRequest,
  { signal, maxListingBytes }: ProbeLimits = {},
): Promise<number> {
  const { address, port } = endpoint;
  const plain = await connectTcp(endpoint, request.timeoutMilliseconds, signal).catch((error: Error) => {
    const reason = address === control.address ? "DataConnectFailed" : "AddressUnreachable";
    throw new ProbeFailure(reason, `${address} port ${port}: ${error.message}`);
  });
  try {
    const started = control.expect("TransferFailed", "1", "LIST");
    // Some servers reply to LIST only after the TLS handshake.
    const secured = request.tls === "None" ? Promise.resolve(plain) : encrypt(plain, control, request);
    started.catch(() => plain.destroy());
    // If both operations fail, the reply to LIST is more informative than the error from the data connection.
    await Promise.allSettled([started, secured]);
    await started;
    const socket = await secured;
    const bytes = await readToEnd(socket, request.timeoutMilliseconds, maxListingBytes);
    await control.expect("TransferFailed", "2");
    return bytes;
  } finally {
    plain.destroy();
  }
}

function encrypt(plain: Socket, control: ControlConnection, request: ProbeRequest): Promise<Socket> {
  return connectTls(plain, request, control.tlsSession).catch((error: Error) => {
    throw new ProbeFailure("DataEncryptionFailed", error.message);
  });
}

async function readToEnd(socket: Socket, timeoutMilliseconds: number, maxBytes = Infinity): Promise<number> {
  let bytes = 0;
  const seconds = timeoutMilliseconds / 1000;
  socket.setTimeout(timeoutMilliseconds, () => socket.destroy(new Error(`no data for ${seconds} seconds`)));
  try {
    for await (const chunk of socket) {
      bytes += Buffer.byteLength(chunk);
      if (bytes > maxBytes) throw new Error(`the listing is larger than ${maxBytes} bytes`);
    }
    return bytes;
  } catch (error) {
    throw new ProbeFailure("TransferFailed", error instanceof Error ? error.message : String(error));
  }
}
