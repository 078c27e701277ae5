/**
 * Joins standard input and output with a TCP connection: `node tcp-pipe.ts HOST PORT`. Run where the FTP client stands (another
 * network namespace), it lets the demo hold one control connection open from there. With `--probe` it only tells whether the
 * port answers: exit code 0 open, 3 refused or silent.
 */
import { connect } from "node:net";

/** A dropped packet is never answered, so silence has to end somewhere. */
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
    console.log(error.code === "ECONNREFUSED" ? "refused" : error.message);
    process.exitCode = CLOSED;
  });
} else {
  socket.once("error", (error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
  process.stdin.pipe(socket).pipe(process.stdout);
}
