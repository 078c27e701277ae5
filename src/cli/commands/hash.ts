import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { Command } from "commander";
import { hashViolation } from "../../api/hash-cost.ts";
import { hashPassword, looksLikeHash } from "../../api/password-hash.ts";
import { CommandError, EXIT_OK } from "../../common/command-error.ts";
import { serialize } from "../output.ts";

interface Options {
  secret?: string;
  namespace?: string;
}

export function hashCommand(): Command {
  return new Command("hash")
    .description("read a password from standard input and print its hash for a password Secret")
    .option("--secret <NAME>", "print a Secret named NAME that contains the hash")
    .option("-n, --namespace <NAME>", "set the namespace of the Secret to NAME")
    .addHelpText(
      "after",
      `
The operator accepts scrypt, argon2, bcrypt and sha-crypt hashes instead of passwords. Secrets then contain no plain-text passwords.
The operator rejects hashes that cost more than scrypt with ln=16,r=8,p=2, argon2 with m=65536,t=4, bcrypt with cost 12 or sha-crypt
with rounds=200000.

Exit codes: 0 printed, 2 no valid password on standard input.

Examples:
  ftp-operator users hash
  pwgen 20 1 | ftp-operator users hash --secret alice | kubectl apply -f -`,
    )
    .action(async (options: Options) => {
      process.exitCode = await printHash(options);
    });
}

/** @throws CommandError if the password is missing or FTP cannot transmit it */
async function printHash({ secret, namespace }: Options): Promise<number> {
  const password = process.stdin.isTTY ? await ask() : (await text(process.stdin)).replace(/\r?\n$/, "");
  rejectInvalid(password);
  const hash = await hashPassword(password);
  process.stdout.write(
    secret === undefined ? `${hash}\n` : await serialize("yaml", secretOf(secret, namespace, hash)),
  );
  return EXIT_OK;
}

/** @throws CommandError */
function rejectInvalid(password: string): void {
  if (password === "")
    throw new CommandError("no password on standard input", { hint: "write the password as one line" });
  if (/[\r\n\0]/.test(password))
    throw new CommandError("the password contains a line break or NUL, which FTP cannot send", {
      hint: "choose another password",
    });
  if (!looksLikeHash(password)) return;
  const violation = hashViolation(password);
  if (violation === undefined)
    throw new CommandError("the password is already a hash", {
      hint: "copy the hash into a Secret unchanged",
    });
  throw new CommandError(`the password is already a hash, and the hash ${violation}`, {
    hint: "write the password itself",
  });
}

async function ask(): Promise<string> {
  process.stderr.write("Password: ");
  // This stream discards the echo of typed characters.
  const discard = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: discard, terminal: true });
  try {
    return await lines.question("");
  } finally {
    lines.close();
    process.stderr.write("\n");
  }
}

function secretOf(name: string, namespace: string | undefined, hash: string): object {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, ...(namespace !== undefined && { namespace }) },
    stringData: { password: hash },
  };
}
