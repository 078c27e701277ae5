import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineConfig } from "../../../src/api/engine-config.ts";
import {
  type EngineNotification,
  type EngineNotifications,
  NOTIFICATION_EVENTS,
  OUTBOX_DIRECTORY,
} from "../../../src/api/engine-notifications.ts";
import { ControlClient } from "../engine/control-client.ts";
import { EngineProcess } from "../engine/engine-process.ts";

/**
 * Returns the configuration for one sink that receives all events.
 * @param root storage root that contains the outbox; undefined for an outbox in a bucket
 */
export function notificationsTo(
  url: string,
  root: string | undefined,
  {
    sink,
    ...change
  }: Partial<Omit<EngineNotification, "sink">> & { sink?: Partial<EngineNotification["sink"]> } = {},
): EngineNotifications {
  return {
    source: "/namespaces/test/ftpservers/files",
    namespace: "test",
    server: "files",
    internalSinks: "Allow",
    ...(root !== undefined && { outboxDirectory: join(root, OUTBOX_DIRECTORY) }),
    sinks: [
      {
        name: "pipeline",
        events: [...NOTIFICATION_EVENTS],
        paths: [],
        users: [],
        ...change,
        sink: { type: "HTTP", url, mode: "Structured", headers: [], ...sink },
      },
    ],
  };
}

/** Engine processes with notifications that share one storage root. */
export class NotifiedEngines implements AsyncDisposable {
  readonly root: string;
  readonly #directory: string;
  readonly #running = new Set<EngineProcess>();

  private constructor(directory: string, root: string) {
    this.#directory = directory;
    this.root = root;
  }

  static async create(): Promise<NotifiedEngines> {
    const directory = await mkdtemp(join(tmpdir(), "notified-engine-"));
    return new NotifiedEngines(directory, await mkdtemp(join(directory, "files-")));
  }

  async start(
    notifications: EngineNotifications,
    change: Partial<EngineConfig> = {},
  ): Promise<EngineProcess> {
    const config = { storage: { root: this.root }, notifications, drainPeriodSeconds: 1, ...change };
    const engine = await EngineProcess.start(this.#directory, config, { engine: ["--slot", "a"] });
    this.#running.add(engine);
    return engine;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const engine of this.#running) {
      engine.kill();
      await engine.ended;
    }
    await rm(this.#directory, { recursive: true });
  }
}

/** Returns a client in TYPE I that is logged in to an engine process. */
export async function loggedIn(engine: EngineProcess): Promise<ControlClient> {
  const client = await (await ControlClient.overTcp(engine.config)).login();
  await client.command("TYPE I");
  return client;
}
