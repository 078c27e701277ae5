import { once } from "node:events";
import type { Server } from "node:net";

/** Binds a port on all addresses: dual-stack where the machine has IPv6, IPv4 alone where it has not. */
export async function listenEverywhere(server: Server, port: number): Promise<void> {
  try {
    server.listen({ port, host: "::" });
    await once(server, "listening");
  } catch (error) {
    if (
      !(
        error instanceof Error &&
        "code" in error &&
        (error.code === "EAFNOSUPPORT" || error.code === "EADDRNOTAVAIL")
      )
    )
      throw error;
    server.listen({ port, host: "0.0.0.0" });
    await once(server, "listening");
  }
}

/** Stops listening; connections it accepted live on. */
export async function stopListening(server: Server): Promise<void> {
  if (!server.listening) return;
  // Not awaited to its end: that waits for every accepted connection, and those belong to their sessions.
  server.close();
  await Promise.resolve();
}
