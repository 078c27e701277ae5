import type { LogEvent } from "../../api/log-event.ts";
import { styleText } from "node:util";
import { printable } from "../../common/text.ts";
import { formatBytes } from "../../common/text.ts";
import { counted } from "../output.ts";

/** Numeric value of the pino log level `info`. */
const PINO_INFO = 30;
/** Engine events at startup and shutdown, for which `serve` prints its own messages. */
const HIDDEN: ReadonlySet<LogEvent | undefined> = new Set(["Starting", "Serving", "Draining", "Ended"]);
/** Log fields that have their own column or are not useful on a terminal. */
const COLUMNS: ReadonlySet<string> = new Set(["level", "time", "msg", "event", "user", "client", "err"]);
const USER_WIDTH = 10;

type Direction = "Upload" | "Download";

/** A line in the engine log. */
interface Entry {
  level: number;
  /** ISO 8601. */
  time: string;
  msg: string;
  event?: LogEvent;
  user?: string;
  client?: string;
  err?: { message?: string };
  /** Number of open sessions in the event `Draining`. */
  sessions?: number;
  /** Rejected command in the event `CommandRejected`. */
  command?: string;
  reply?: string;
  /** Direction of the transfer in the event `Transfer`. This event also contains the following fields. */
  direction?: Direction;
  path?: string;
  bytes?: number;
  seconds?: number;
  result?: "Complete" | "Failed" | "Aborted";
  reason?: string;
}

/** Prints the engine log in human-readable form, with one line for each login, upload, download and failure. */
export class SessionLog {
  readonly #print: (line: string) => void;
  readonly #counts = { logins: 0, failedLogins: 0, Upload: 0, Download: 0, failedTransfers: 0 };
  readonly #bytes = { Upload: 0, Download: 0 };
  readonly #drainSeconds: number;
  #hasEnded = false;

  /** @param options.drainSeconds time in seconds for which open sessions can continue after the first signal */
  constructor(print: (line: string) => void, { drainSeconds }: { drainSeconds: number }) {
    this.#print = print;
    this.#drainSeconds = drainSeconds;
  }

  /** True after a signal has stopped the running engine. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Prints a JSON line of the engine log. */
  write(line: string): void {
    const entry: Entry = JSON.parse(line);
    if (entry.event === "Draining") this.#drain(entry.sessions ?? 0);
    if (HIDDEN.has(entry.event)) return;
    if (entry.level < PINO_INFO && entry.event !== "CommandRejected") return;
    const isTransfer = entry.event === "Transfer";
    const text = printable(isTransfer ? this.#transfer(entry) : this.#event(entry));
    const isFailure = entry.level !== PINO_INFO || (isTransfer && entry.result !== "Complete");
    const time = styleText("dim", clockTime(entry.time), { stream: process.stdout });
    const user = printable(entry.user ?? "").padEnd(USER_WIDTH);
    this.#print(`${time}  ${user}  ${isFailure ? styleText("red", text, { stream: process.stdout }) : text}`);
  }

  #drain(sessions: number): void {
    this.#hasEnded = true;
    if (sessions > 0)
      this.#print(
        `\nStopping. Waiting up to ${this.#drainSeconds} seconds for ${counted(sessions, "open session")}. Press Ctrl-C again to stop immediately.`,
      );
    else this.#print("");
  }

  /** Totals since the start of the engine, for example `2 logins, 1 upload (3.2 KiB), 0 downloads`. */
  get summary(): string {
    const { logins, failedLogins, failedTransfers } = this.#counts;
    return [
      counted(logins, "login"),
      ...(failedLogins > 0 ? [counted(failedLogins, "failed login")] : []),
      this.#moved("Upload"),
      this.#moved("Download"),
      ...(failedTransfers > 0 ? [counted(failedTransfers, "failed transfer")] : []),
    ].join(", ");
  }

  #moved(direction: Direction): string {
    const count = counted(this.#counts[direction], direction.toLowerCase());
    return this.#counts[direction] === 0 ? count : `${count} (${formatBytes(this.#bytes[direction])})`;
  }

  #transfer({ direction = "Upload", path = "", bytes = 0, seconds = 0, result, reason }: Entry): string {
    const size = formatBytes(bytes);
    if (result !== "Complete") {
      this.#counts.failedTransfers++;
      const start = `${direction.toLowerCase()} of ${path}`;
      if (result === "Aborted") return `${start} aborted by the client after ${size}`;
      return `${start} failed after ${size}${reason === undefined ? "" : `: ${reason}`}`;
    }
    this.#counts[direction]++;
    this.#bytes[direction] += bytes;
    return `${direction === "Upload" ? "uploaded" : "downloaded"} ${path} (${size} in ${duration(seconds)})`;
  }

  #event(entry: Entry): string {
    if (entry.event === "LoggedIn") this.#counts.logins++;
    if (entry.event === "LoginFailed") this.#counts.failedLogins++;
    const { command = "", path = "", reply = "" } = entry;
    if (entry.event === "CommandRejected") return `${command} ${path} rejected: ${reply}`;
    const from = entry.client === undefined ? "" : ` from ${entry.client}`;
    const reason = entry.err?.message === undefined ? "" : `: ${entry.err.message}`;
    const fields = Object.entries(entry)
      .filter(([name]) => !COLUMNS.has(name))
      .map(([name, value]) => ` ${name}=${typeof value === "string" ? value : JSON.stringify(value)}`);
    return `${entry.msg}${from}${fields.join("")}${reason}`;
  }
}

function clockTime(iso: string): string {
  return new Date(iso).toTimeString().slice(0, "00:00:00".length);
}

function duration(seconds: number): string {
  return seconds < 1 ? `${Math.round(seconds * 1000)} ms` : `${seconds.toFixed(1)} s`;
}
