import { closed } from "../support/engine/control-client.ts";
import { connect, type NetConnectOpts } from "node:net";

/** HTTP request lines that are invalid or have an invalid target. */
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

/** Sends each line on a new connection and waits until the server closes it. */
export async function sendMalformed(to: NetConnectOpts): Promise<void> {
  for (const line of MALFORMED) {
    const socket = connect(to).on("error", () => {});
    socket.end(`${line}\r\nhost: x\r\nconnection: close\r\n\r\n`, "latin1").resume();
    await closed(socket);
  }
}
