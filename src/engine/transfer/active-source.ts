import { connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Clock } from "../../common/clock.ts";
import type { DataPort } from "../protocol/data-port.ts";
import type { Log } from "../observer.ts";
import { EngineError, toEngineError } from "../errors.ts";
import { DATA_READ_AHEAD, type DataSource } from "./data-source.ts";

interface ActiveOptions {
  target: DataPort;
  /**
   * Where connections come from; undefined for any port. One port serves any number of them at once, as long as no two go to the
   * same address and port.
   */
  sourcePort: number | undefined;
  clock: Clock;
  log: Log;
}

/** Active mode: the server dials the client. Whether it may is decided before. */
export class ActiveSource implements DataSource {
  readonly #options: ActiveOptions;
  #socket: Socket | undefined;

  constructor(options: ActiveOptions) {
    this.#options = options;
  }

  async open(timeoutMilliseconds: number): Promise<Duplex> {
    const { sourcePort, log } = this.#options;
    try {
      return await this.#dial(timeoutMilliseconds, sourcePort);
    } catch (error) {
      if (sourcePort === undefined || !isForbidden(error)) throw error;
      // A pod that is older than the wish for a low port has to do without it, until its last session ends.
      log.warn({ sourcePort }, "the source port needs a privilege that is not there, so another was used");
      return await this.#dial(timeoutMilliseconds, undefined);
    }
  }

  dispose(): void {
    this.#socket?.destroy();
  }

  async #dial(timeoutMilliseconds: number, localPort: number | undefined): Promise<Duplex> {
    const { target, clock } = this.#options;
    const socket = connect({
      host: target.address,
      port: target.port,
      allowHalfOpen: true,
      ...DATA_READ_AHEAD,
      noDelay: true,
      ...(localPort === undefined ? {} : { localPort }),
    });
    this.#socket = socket;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const from = localPort === undefined ? "" : ` from port ${localPort}`;
    const fail = (reason: string, cause?: unknown): void => {
      const message = `Could not connect${from} to your data port: ${reason}`;
      reject(new EngineError("DataConnectionFailed", message, { cause }));
    };
    const cancel = clock.schedule(timeoutMilliseconds, () => fail("timed out"));
    const onClose = (): void => fail("given up");
    socket.once("connect", resolve);
    socket.once("error", (error) => fail(toEngineError(error).message, error));
    socket.once("close", onClose);
    try {
      await promise;
      return socket;
    } catch (error) {
      socket.destroy();
      throw error;
    } finally {
      cancel();
      socket.off("close", onClose);
      this.#socket = undefined;
    }
  }
}

/** Whether the system does not let this process bind to a port. */
function isForbidden(error: unknown): boolean {
  return error instanceof EngineError && toEngineError(error.cause).code === "PermissionDenied";
}
