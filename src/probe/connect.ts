/** Opens TCP and TLS connections with a time limit. Error messages are human-readable. */
import { addAbortListener } from "node:events";
import { connect, isIP, type Socket } from "node:net";
import { connect as startTls, type TLSSocket } from "node:tls";
import type { Endpoint, ProbeRequest } from "./request.ts";

/** Opens a TCP connection. An abort signal destroys the connection. @throws Error */
export async function connectTcp(
  { address, port }: Endpoint,
  timeoutMilliseconds: number,
  signal?: AbortSignal,
): Promise<Socket> {
  const socket = connect({ host: address, port });
  // The `signal` option of Node.js never removes its listener, so listeners would accumulate on a signal that many
  // sockets share.
  const listener =
    signal && addAbortListener(signal, () => socket.destroy(new Error("the check was canceled")));
  socket.once("close", () => listener?.[Symbol.dispose]());
  try {
    await within(timeoutMilliseconds, socket, "connect");
    return socket.setNoDelay(true);
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** Starts TLS on a connection. @param session TLS session to resume if the server supports session resumption @throws Error */
export async function connectTls(
  socket: Socket,
  { host, verifyCertificate, timeoutMilliseconds }: ProbeRequest,
  session?: Buffer,
): Promise<TLSSocket> {
  const secured = startTls({
    socket,
    host,
    rejectUnauthorized: verifyCertificate,
    ...(isIP(host) === 0 && { servername: host }),
    ...(session !== undefined && { session }),
  });
  try {
    await within(timeoutMilliseconds, secured, "secureConnect");
    return secured;
  } catch (error) {
    secured.destroy();
    throw error;
  }
}

function within(milliseconds: number, socket: Socket, event: "connect" | "secureConnect"): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`no response within ${milliseconds / 1000} seconds`)),
      milliseconds,
    );
    const done = (settle: () => void) => (): void => {
      clearTimeout(timer);
      settle();
    };
    socket.once(event, done(resolve));
    socket.once("error", (error) => done(() => reject(error))());
    socket.once(
      "close",
      done(() => reject(new Error("the connection was closed"))),
    );
  });
}
