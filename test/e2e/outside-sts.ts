/** A fake STS on an outside host. In exchange for a valid token, the STS returns credentials for an S3 server. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { dyingWithUs, endWithUs } from "../cluster/run.ts";
import type { Credentials } from "../support/s3/kind.ts";
import type { StsSettings } from "../support/s3/fake-sts.ts";
import type { OutsideHost, TestNamespace } from "./test-namespace.ts";

/** Host of the STS. */
const STS_HOST: OutsideHost = "other";
const PROGRAM = join(import.meta.dirname, "../support/s3/fake-sts.ts");
/** Port below the range of automatically assigned ports. */
const PORT = 9180;

export interface Role {
  roleArn: string;
  audience: string;
  serviceAccount: string;
  credentials: Credentials;
}

/** An STS that accepts only tokens for one ServiceAccount in the test namespace. */
export class OutsideSts implements AsyncDisposable {
  readonly endpoint: string;
  /** One line for each request: the status, and the reason for a rejection. */
  readonly answers: string[] = [];
  readonly #process: ChildProcess;

  private constructor(endpoint: string, child: ChildProcess) {
    this.endpoint = endpoint;
    this.#process = child;
  }

  /** @param directory folder for the settings */
  static async start(
    namespace: TestNamespace,
    directory: string,
    { roleArn, audience, serviceAccount, credentials }: Role,
  ): Promise<OutsideSts> {
    const { cluster } = namespace;
    const read = async (path: string) => JSON.parse(await cluster.kubectl(["get", "--raw", path]));
    const { issuer }: { issuer: string } = await read("/.well-known/openid-configuration");
    const { keys }: Pick<StsSettings, "keys"> = await read("/openid/v1/jwks");
    const address = cluster.hosts[STS_HOST];
    const subject = `system:serviceaccount:${namespace.name}:${serviceAccount}`;
    const role = { audience, subject, roleArn, credentials };
    const settings: StsSettings = { address, port: PORT, keys, issuer, ...role };
    const file = join(directory, "sts.json");
    await writeFile(file, JSON.stringify(settings), { mode: 0o600 });
    const argv = dyingWithUs(cluster.command(STS_HOST, [process.execPath, PROGRAM, file]));
    const [command = "", ...args] = argv;
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
    endWithUs(child);
    const sts = new OutsideSts(`http://${address}:${PORT}`, child);
    const lines = createInterface({ input: child.stdout });
    lines.on("line", (line) => void sts.answers.push(line));
    await Promise.race([
      once(lines, "line"),
      once(child, "close").then(() => Promise.reject(new Error("the STS has ended"))),
    ]);
    return sts;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#process, "close");
    this.#process.kill();
    await ended;
  }
}
