/**
 * Connects standard input and output with a TCP connection: `node tcp-pipe.ts HOST PORT`. On the host of the FTP client (another
 * network namespace), it keeps a control connection open for the demo. With `--probe` it only reports whether the
 * port is open: exit code 0 open, 3 closed or silent.
 */
import { connect } from "node:net";

/** Time limit of a probe, because a dropped packet gets no response. */
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
