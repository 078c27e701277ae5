import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { dump } from "js-yaml";
import { hashProblem } from "../../api/hash-cost.ts";
import { hashPassword, looksLikeHash } from "../../api/password-hash.ts";

export interface HashCommand {
  /** Print a Secret of this name that `passwordSecretRef` can name, instead of the hash alone. */
  secret?: string;
  namespace?: string;
}

const EXIT_USAGE = 2;

/**
 * Hashes the password on standard input, asked for without an echo on a terminal, with scrypt as the operator does.
 * @returns the exit code: 0 printed, 2 there is no password, or it is one that FTP cannot send
 */
export async function runHash({ secret, namespace }: HashCommand): Promise<number> {
  const password = process.stdin.isTTY ? await ask() : (await text(process.stdin)).replace(/\r?\n$/, "");
  const flaw = flawOf(password);
  if (flaw !== undefined) {
    process.stderr.write(`ftp-operator users hash: ${flaw}\n`);
    return EXIT_USAGE;
  }
  const hash = await hashPassword(password);
  process.stdout.write(secret === undefined ? `${hash}\n` : secretOf(secret, namespace, hash));
  return 0;
}

function flawOf(password: string): string | undefined {
  if (password === "") return "there is no password on standard input; write one line";
  if (/[\r\n\0]/.test(password)) return "the password holds a line break or NUL, which FTP cannot send";
  if (!looksLikeHash(password)) return undefined;
  const problem = hashProblem(password);
  return problem === undefined
    ? "that is already a hash; put it into a Secret unchanged"
    : `that is already a hash, and it ${problem}`;
}

async function ask(): Promise<string> {
  process.stderr.write("Password: ");
  // What is typed is echoed to nowhere.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  try {
    return await lines.question("");
  } finally {
    lines.close();
    process.stderr.write("\n");
  }
}

function secretOf(name: string, namespace: string | undefined, hash: string): string {
  return dump({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, ...(namespace !== undefined && { namespace }) },
    stringData: { password: hash },
  });
}
