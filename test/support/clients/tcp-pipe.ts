/**
 * Connects standard input and output to a TCP port. Usage: `node tcp-pipe.ts HOST PORT`. For the demo, this program
 * keeps a control connection open on the client host, which is in another network namespace. With `--probe`, the
 * program only reports whether the port is open. The exit code of a probe is 0 for an open port and 3 for a closed or
 * silent port.
 */
import { connect } from "node:net";

/** Time limit for a probe in milliseconds. The limit is necessary because a dropped packet receives no response. */
const PROBE_TIMEOUT_MS = 2000;
const CLOSED = 3;

const [host = "", port = "", option] = process.argv.slice(2);
const socket = connect(Number(port), host);
if (option === "--probe") {
  socket.setTimeout(PROBE_TIMEOUT_MS, () => socket.destroy(new Error("silent")));
  socket.once("connect", () => {
    console.log("open");
    socket.destroy();
  });
  socket.once("error", (error: NodeJS.ErrnoException) => {
    console.log(error.code === "ECONNREFUSED" ? "closed" : error.message);
    process.exitCode = CLOSED;
  });
} else {
  socket.once("error", (error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
  process.stdin.pipe(socket).pipe(process.stdout);
}
