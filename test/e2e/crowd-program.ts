/**
 * Keeps the requested number of FTP sessions open. Usage: `node crowd-program.ts HOST PORT USER PASSWORD`. The last
 * line on standard input sets the requested number. Prints the requested number when this number of sessions is open.
 * Each session sends NOOP every second. The exit code is 1 when a session fails.
 */
import { createInterface } from "node:readline";
import { Client } from "basic-ftp";

const NOOP_PERIOD_MILLISECONDS = 1000;

const [host = "", port = "", user = "", password = ""] = process.argv.slice(2);

class Member {
  readonly #client = new Client();
  #timer: NodeJS.Timeout | undefined;

  async open(): Promise<void> {
    await this.#client.access({ host, port: Number(port), user, password });
    this.#next();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#client.close();
  }

  #next(): void {
    this.#timer = setTimeout(() => {
      this.#client.send("NOOP").then(
        () => this.#next(),
        (error: unknown) => this.#fail(error),
      );
    }, NOOP_PERIOD_MILLISECONDS);
  }

  #fail(error: unknown): void {
    if (!this.#client.closed || members.includes(this)) {
      console.error(`a session of ${members.length} ended: ${String(error)}`);
      process.exit(1);
    }
  }
}

const members: Member[] = [];

for await (const line of createInterface({ input: process.stdin })) {
  const wanted = Number(line);
  for (const member of members.splice(wanted)) member.close();
  while (members.length < wanted) {
    const member = new Member();
    await member.open();
    members.push(member);
  }
  console.log(wanted);
}
for (const member of members.splice(0)) member.close();
