import { once } from "node:events";
import { connect, type NetConnectOpts } from "node:net";

/** Targets of requests that are no address, and lines that are no request. */
const MALFORMED = [
  "GET // HTTP/1.0",
  "GET //[ HTTP/1.1",
  "GET http://[ HTTP/1.1",
  "GET http://a:99999/ HTTP/1.1",
  "DELETE /\\\\[/sessions HTTP/1.1",
  "GET http:///// HTTP/1.1",
  "OPTIONS * HTTP/1.1",
  "CONNECT [:0 HTTP/1.1",
  "GET \u0000 HTTP/1.1",
  "\u0016\u0003\u0001garbage",
  "",
];

/** Sends each on a connection of its own, and waits for its end. */
export async function sendMalformed(to: NetConnectOpts): Promise<void> {
  for (const line of MALFORMED) {
    const socket = connect(to).on("error", () => {});
    socket.end(`${line}\r\nhost: x\r\nconnection: close\r\n\r\n`, "latin1").resume();
    await once(socket, "close");
  }
}
