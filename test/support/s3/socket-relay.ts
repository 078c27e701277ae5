/**
 * Forwards connections from a Unix socket to a TCP port. Usage: `node socket-relay.ts SOCKET ADDRESS PORT`. Unix
 * sockets work across network namespaces.
 */
import { connect, createServer } from "node:net";
import { pipeline } from "node:stream";

const [socket = "", address = "", port = ""] = process.argv.slice(2);

createServer({ allowHalfOpen: true }, (client) => {
  const server = connect({ host: address, port: Number(port), allowHalfOpen: true });
  pipeline(client, server, client, () => {});
}).listen(socket);
