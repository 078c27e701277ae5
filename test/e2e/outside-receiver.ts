/** A receiver for CloudEvents on a host outside the cluster. For pods, this receiver is an external service. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { eventReceiverProgram } from "../cluster/events/receiver.ts";
import { dyingWithUs, endWithUs } from "../cluster/run.ts";
import { eventually, type OutsideHost, type TestNamespace, timed } from "./test-namespace.ts";

/** Host of the receiver. FTP clients run on the second host outside the cluster. */
const RECEIVER_HOST: OutsideHost = "other";
/** Port below the range of automatically assigned ports. */
const PORT = 9280;

/** Maximum time in milliseconds until all events arrive, and until the status shows the recovery. */
export const RECOVERY_LIMIT = 180_000;

/** An event that the CloudEvents SDK for Go has parsed. */
export interface ReceivedEvent {
  specversion: string;
  id: string;
  source: string;
  type: string;
  subject: string;
  time: string;
  data: Record<string, unknown>;
}

/** A request to the receiver, and its response. */
interface ReceivedRequest {
  status: number;
  path: string;
  mode?: string;
  error?: string;
  event?: ReceivedEvent;
}

interface ReceiverSecrets {
  /** Required value of the header `Authorization`. */
  authorization: string;
  /** Required key for the signature. */
  hmac: string;
}

/**
 * Receiver that accepts signed CloudEvents at `/events`. At `/flaky`, the receiver accepts an event only at the second
 * attempt.
 */
export class OutsideReceiver implements AsyncDisposable {
  readonly address: string;
  readonly port = PORT;
  /** All requests since the first start, including requests before a restart. */
  readonly requests: ReceivedRequest[] = [];
  readonly #command: readonly string[];
  readonly #secrets: ReceiverSecrets;
  #child: ChildProcess | undefined;

  private constructor(address: string, command: readonly string[], secrets: ReceiverSecrets) {
    this.address = address;
    this.#command = command;
    this.#secrets = secrets;
  }

  static async start({ cluster }: TestNamespace, secrets: ReceiverSecrets): Promise<OutsideReceiver> {
    const address = cluster.hosts[RECEIVER_HOST];
    const program = [await eventReceiverProgram(), `${address}:${PORT}`];
    const command = dyingWithUs(cluster.command(RECEIVER_HOST, program));
    const receiver = new OutsideReceiver(address, command, secrets);
    await receiver.resume(cluster);
    return receiver;
  }

  /** @param path with query */
  url(path: string): string {
    return `http://${this.address}:${PORT}${path}`;
  }

  /**
   * Returns the accepted events, oldest first. `where` selects events by content mode or path. Includes each event only
   * once.
   */
  accepted(where: Partial<Pick<ReceivedRequest, "mode" | "path">> = {}): ReceivedEvent[] {
    const found = new Map<string, ReceivedEvent>();
    for (const { status, mode, path, event } of this.requests)
      if (
        status < 300 &&
        event !== undefined &&
        (where.mode ?? mode) === mode &&
        (where.path ?? path) === path
      )
        found.set(event.id, found.get(event.id) ?? event);
    return [...found.values()];
  }

  /** Waits until the receiver has accepted an event for each file in both content modes. */
  async receivesAll(files: Iterable<string>): Promise<void> {
    const names = [...files];
    await timed(`events for ${names.length} files arrive`, () =>
      eventually(
        "all events arrive",
        async () => {
          for (const mode of ["structured", "binary"]) {
            const paths = new Set(this.accepted({ mode }).map(({ data }) => data["path"]));
            const missing = names.filter((name) => !paths.has(`/${name}`));
            assert.deepEqual(missing, [], `${mode}: ${missing.length} of ${names.length} are missing`);
          }
        },
        RECOVERY_LIMIT,
      ),
    );
  }

  /** Kills the process. The port rejects connections until `resume`. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "close");
    child.kill("SIGKILL");
    await ended;
  }

  /** Starts the process and waits until it answers. */
  async resume(cluster: TestNamespace["cluster"]): Promise<void> {
    const [command = "", ...args] = this.#command;
    const { authorization, hmac } = this.#secrets;
    const child = spawn(command, args, {
      env: { PATH: process.env["PATH"], AUTHORIZATION: authorization, HMAC_KEY: hmac },
      stdio: ["ignore", "pipe", "inherit"],
    });
    endWithUs(child);
    this.#child = child;
    createInterface({ input: child.stdout }).on("line", (line) => void this.requests.push(JSON.parse(line)));
    const health = ["curl", "--silent", "--fail", "--max-time", "2", this.url("/healthz")];
    await eventually("the receiver answers", () => cluster.exec(RECEIVER_HOST, health), RECOVERY_LIMIT);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }
}
