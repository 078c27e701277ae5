import type { Duplex } from "node:stream";
import type { Owner } from "../../common/fair-queue.ts";
import { nothingToCancel, type Cancel } from "../../common/clock.ts";
import { EngineError, toEngineError } from "../errors.ts";
import type { InputLine } from "../protocol/framing.ts";
import { errorReply, lastReply, reply, type Reply } from "../protocol/reply.ts";
import type { Addresses } from "../client-address.ts";
import type { TlsUser } from "../tls/session-affinity.ts";
import { CommandLoop, type LoopSession, takeLine } from "./command-loop.ts";
import {
  type Closed,
  CommandContext,
  CONTROL_LOST,
  type CommandResult,
  type CommandSet,
  ownerOf,
  type SessionControl,
} from "./command-context.ts";
import { ControlConnection, type ControlEvents } from "./control-connection.ts";
import type { EngineContext } from "./engine-context.ts";
import { secureControl, type Security, tlsUser } from "./security.ts";
import {
  abortWork,
  awaitingUser,
  type LoggedInUser,
  refreshed,
  type SessionState,
  startTimer,
  withoutLogin,
} from "./state.ts";
import type { Protection } from "./transfer-parameters.ts";
import { type TransferSession, TransferSlot } from "./transfer-slot.ts";

/**
 * FTP session from the greeting to the end of the control connection. Runs one command at a time. The session passes
 * itself to its parts, because one closure for each event would use more memory in each idle session.
 */
export class Session implements SessionControl, TransferSession, LoopSession, ControlEvents {
  readonly engine: EngineContext;
  readonly client: string;
  readonly local: string;
  /** Start time of the session in milliseconds since the epoch. */
  readonly openedAt: number;
  readonly #closing = Promise.withResolvers<void>();
  /** Resolves when all work of the session has ended. */
  readonly closed: Promise<void> = this.#closing.promise;
  readonly #commands: CommandSet;
  readonly #transfer: TransferSlot;
  readonly #context: CommandContext;
  readonly #control: ControlConnection;
  readonly #loop: CommandLoop;
  readonly #onLogin: () => void;
  #state: SessionState;
  #security: Security | undefined;
  #cancelTimer: Cancel = nothingToCancel;
  #failedLogins = 0;
  #unknownCommands = 0;

  /** @param onLogin called when the session logs in, returns to the state before login, or ends */
  constructor(
    engine: EngineContext,
    commands: CommandSet,
    duplex: Duplex,
    ends: Addresses,
    onLogin = () => {},
  ) {
    this.engine = engine;
    this.client = ends.client;
    this.local = ends.local;
    this.openedAt = engine.clock.now();
    this.#commands = commands;
    this.#onLogin = onLogin;
    const implicit = engine.tls?.config.mode === "Implicit";
    this.#state = awaitingUser(engine);
    this.#transfer = new TransferSlot(this, implicit ? "Private" : "Clear");
    this.#context = new CommandContext(engine, this, this.#transfer);
    this.changeState(this.#state);
    this.#loop = new CommandLoop(engine.ticks, this);
    this.#control = new ControlConnection(
      implicit ? this.#secured(duplex, () => this.#greet()) : duplex,
      this,
      engine.config.limits,
    );
    if (!implicit) this.#greet();
  }

  get security(): Security | undefined {
    return this.#security;
  }

  get state(): SessionState {
    return this.#state;
  }

  get loggedIn(): LoggedInUser | undefined {
    return "user" in this.#state ? this.#state.user : undefined;
  }

  get ended(): boolean {
    return this.#state.type === "Closing" || this.#state.type === "Closed";
  }

  changeState(state: SessionState): void {
    this.#cancelTimer();
    const crossesLogin = "deadline" in this.#state !== "deadline" in state;
    this.#state = state;
    if (crossesLogin) this.#onLogin();
    this.#cancelTimer = startTimer(this, state, this.engine, this.#transfer.parameters);
    this.#noteHangUp();
    if (this.#security !== undefined) this.#security.data.tlsClient.user = this.#tlsUser;
  }

  refreshUser(): Reply | undefined {
    const state = this.#state;
    if (!("user" in state)) return undefined;
    const user = refreshed(state.user, this.engine.authenticator);
    if ("code" in user) return user;
    if (user !== state.user) this.changeState({ ...state, user });
    return undefined;
  }

  reset(): void {
    // In contrast to RFC 4217 section 11, REIN keeps TLS. Without TLS, the client would send the next password
    // unencrypted.
    this.#transfer.reset(this.#transfer.parameters.protection);
    this.changeState(withoutLogin(this.#state, this.engine));
  }

  countFailedLogin(): number {
    return ++this.#failedLogins;
  }

  countUnknownCommand(): number {
    return ++this.#unknownCommands;
  }

  /** Sends a last reply and ends the session, even during a command or transfer. */
  end(code: number, text: string): void {
    // The engine cannot send a reply before the TLS handshake ends.
    if (this.#security !== undefined && this.#security.handshake === undefined) this.destroy();
    else this.#say(lastReply(code, text));
  }

  destroy(): void {
    this.#control.destroy();
  }

  async startTls(answer: Reply, protection: Protection): Promise<Closed> {
    if (!this.#control.hasUnread) await this.#control.sendWhole(answer);
    if (this.ended || this.#control.hasUnread) {
      this.destroy();
      return "Closed";
    }
    // RFC 4217 section 4: the session discards the state that the client set before the TLS handshake.
    this.reset();
    this.#transfer.reset(protection);
    this.#control.swap((plain) => this.#secured(plain, () => {}));
    return "Closed";
  }

  async endTls(answer: Reply): Promise<Closed> {
    const relay = this.#security?.relay;
    if (this.#security === undefined || relay === undefined)
      throw new EngineError("Internal", "TLS cannot be ended");
    this.#security.relay = undefined;
    const left = relay.release();
    await this.#control.sendWhole(answer);
    await this.#control.follow(left);
    return "Closed";
  }

  send(answer: Reply): void {
    this.#control.send(answer);
  }

  finish(answer: Reply, beforeNext?: () => void): void {
    if (this.#state.type !== "Transferring" && this.#state.type !== "RunningJob") return beforeNext?.();
    this.changeState({ type: "LoggedIn", user: this.#state.user });
    this.#say(answer);
    beforeNext?.();
    this.#loop.work();
  }

  failed(error: unknown): Reply {
    const isInternal = ["Internal", "InvalidConfig"].includes(toEngineError(error).code);
    if (isInternal) this.engine.log.error({ err: error, client: this.client }, "command failed");
    return errorReply(error);
  }

  owner(): Owner {
    return ownerOf(this.engine, this.client, this.loggedIn);
  }

  ready(): Promise<void> | undefined {
    return this.#control.writable();
  }

  take(): InputLine | undefined {
    return this.ended ? undefined : takeLine(this.#control, this.#state, this.#commands.runsDuringTransfer);
  }

  answer(line: InputLine): Promise<void> | undefined {
    try {
      const result = this.#commands.execute(this.#context, line);
      if (result instanceof Promise) return this.#answerLater(result);
      this.#conclude(result);
    } catch (error) {
      this.#conclude(this.failed(error));
    }
    return undefined;
  }

  /** Aborts the running work if the client has disconnected (RFC 959 section 4.1.1, QUIT). */
  idle(): void {
    if (!this.#control.exhausted || this.ended) return;
    this.#release(CONTROL_LOST);
    if (this.#security === undefined) {
      this.destroy();
      return;
    }
    // RFC 5246 section 7.2.1: an endpoint must respond to a TLS close_notify alert with another close_notify alert.
    this.changeState({ type: "Closing" });
    this.#control.end();
  }

  crashed(error: unknown): void {
    this.engine.log.error({ err: error }, "session failed");
    this.destroy();
  }

  input(): void {
    this.#noteHangUp();
    this.#loop.work();
  }

  disconnected(): void {
    if (this.#state.type === "Closed") return;
    this.#release(CONTROL_LOST);
    this.changeState({ type: "Closed" });
    this.#security?.data.tlsClient.close();
    void this.#transfer.settled.then(this.#closing.resolve);
  }

  #greet(): void {
    this.#control.send(reply(220, this.engine.config.banner ?? "ftp-operator ready."));
  }

  #secured(plain: Duplex, onSecure: () => void): Duplex {
    const { security, stream } = secureControl(this.engine, plain, onSecure);
    this.#security = security;
    return stream;
  }

  get #tlsUser(): TlsUser | undefined {
    return this.loggedIn && tlsUser(this.loggedIn.account, this.engine.clients.keyOf(this.client));
  }

  /** Removes a waiting login from the queue after its client has disconnected. */
  #noteHangUp(): void {
    if (this.#state.type === "LoggingIn" && this.#control.ended) this.#state.waiting.abort(CONTROL_LOST);
  }

  async #answerLater(result: Promise<CommandResult>): Promise<void> {
    this.#restartIdleTimer();
    try {
      this.#conclude(await result);
    } catch (error) {
      this.#conclude(this.failed(error));
    }
  }

  #conclude(result: CommandResult): void {
    if (result !== "Started" && result !== "Closed") this.#say(result);
    this.#restartIdleTimer();
  }

  #restartIdleTimer(): void {
    if (this.#state.type === "LoggedIn") this.changeState(this.#state);
  }

  #say(answer: Reply): void {
    if (this.ended) return;
    this.#control.send(answer);
    if (!answer.close) return;
    this.#release(new EngineError("Aborted", "Session ended"));
    this.changeState({ type: "Closing" });
    this.#control.end();
  }

  /** Disposes of the data connection and aborts the running work. */
  #release(reason: EngineError): void {
    this.#transfer.release();
    abortWork(this.#state, reason);
  }
}
