import type { Duplex } from "node:stream";
import { type CommandContext, ownerOf } from "../commands/command.ts";
import { awaitingUser } from "../commands/access.ts";
import { execute } from "../commands/execute.ts";
import type { DataSource } from "../transfer/data-source.ts";
import type { Job, Outcome, Transfer } from "../transfer/transfer.ts";
import { EngineError, toEngineError } from "../errors.ts";
import { DataTls } from "../transfer/data-protection.ts";
import type { TlsUser } from "../tls/session-affinity.ts";
import { Relay } from "../tls/relay.ts";
import type { Addresses } from "../client-address.ts";
import { ControlConnection } from "./control-connection.ts";
import { nothingToCancel, type Cancel } from "../../common/clock.ts";
import { CommandLoop } from "./command-loop.ts";
import { Computation } from "./computation.ts";
import type { InputLine } from "../protocol/framing.ts";
import { nextLine } from "./next-line.ts";
import { PendingStore } from "./pending-prefixes.ts";
import { errorReply, lastReply, reply, type Reply } from "../protocol/reply.ts";
import { tlsUser, type Protection, type Security } from "./security.ts";
import type { EngineContext } from "./engine-context.ts";
import { startTimer } from "./state-timer.ts";
import { reportTransfer } from "./transfer-log.ts";
import { transferOf } from "./start-transfer.ts";
import {
  abortWork,
  initialParameters,
  type LoggedInUser,
  type SessionState,
  type TransferParameters,
} from "./state.ts";

const CONTROL_LOST = new EngineError("ConnectionLost", "The control connection was lost");

/** One client's control connection, from the greeting to its end. Runs one command at a time. */
export class Session implements CommandContext {
  readonly engine: EngineContext;
  readonly client: string;
  readonly local: string;
  /** Milliseconds since the epoch. */
  readonly openedAt: number;
  readonly #closing = Promise.withResolvers<void>();
  /** Resolves when everything of this session has ended. */
  readonly closed: Promise<void> = this.#closing.promise;
  readonly pending = new PendingStore();
  parameters: TransferParameters;
  /** Lines before login that were no command we know. */
  unknownCommandCount = 0;
  #state: SessionState;
  #security: Security | undefined;
  #cancelTimer: Cancel = nothingToCancel;
  #failedLogins = 0;
  /** Over when the last transfer has committed or rolled back, or computation ended, even if the session ended before. */
  #lastTransfer: Promise<void> = Promise.resolve();
  readonly #control: ControlConnection;
  readonly #loop: CommandLoop;
  readonly #onLogin: () => void;

  /** @param onLogin called when the session has logged in, is before its login again, or ends */
  constructor(engine: EngineContext, duplex: Duplex, addresses: Addresses, onLogin = () => {}) {
    this.engine = engine;
    this.client = addresses.client;
    this.local = addresses.local;
    this.openedAt = engine.clock.now();
    this.#onLogin = onLogin;
    this.#state = awaitingUser(this);
    this.become(this.#state);
    this.#loop = new CommandLoop(engine.ticks, {
      owner: () => ownerOf(this, this.loggedIn),
      ready: () => this.#control.writable(),
      take: () => (this.#ended ? undefined : nextLine(this.#control, this.#state)),
      answer: (line) => this.#answer(line),
      idle: () => this.#rest(),
      failed: (error) => {
        engine.log.error({ err: error }, "session failed");
        this.destroy();
      },
    });
    const events = { input: () => this.#input(), closed: () => this.#over() };
    const implicit = engine.tls?.config.mode === "Implicit";
    this.parameters = initialParameters(implicit ? "Private" : "Clear");
    this.#control = new ControlConnection(
      implicit ? this.#secured(duplex, () => this.#greet()) : duplex,
      events,
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

  get user(): LoggedInUser {
    const user = this.loggedIn;
    // A command that waited for something finds out in this way that nobody waits for it.
    if (user === undefined && this.#ended) throw CONTROL_LOST;
    if (user === undefined) throw new EngineError("Internal", "Not logged in");
    return user;
  }

  /** The user, once there is one. */
  get loggedIn(): LoggedInUser | undefined {
    return "user" in this.#state ? this.#state.user : undefined;
  }

  become(state: SessionState): void {
    this.#cancelTimer();
    const isMoved = "deadline" in this.#state !== "deadline" in state;
    this.#state = state;
    if (isMoved) this.#onLogin();
    this.#cancelTimer = startTimer(this, state);
    this.#noteHangUp();
    if (this.#security !== undefined) this.#security.data.member.user = this.#tlsUser;
  }

  prepare(source: DataSource | undefined): void {
    this.parameters.source?.dispose();
    // A session that ended while a port was awaited has no use for it.
    if (this.#ended) source?.dispose();
    this.parameters.source = this.#ended ? undefined : source;
  }

  async transfer(job: Job, announcement: string): Promise<undefined> {
    const { source } = this.parameters;
    if (this.#state.type !== "LoggedIn" || source === undefined) {
      await job.rollback();
      return undefined;
    }
    this.parameters.source = undefined;
    // RFC 959 section 5.4. Sent before anything else: many clients open the data connection, or TLS on it, only then.
    this.#control.send(reply(150, announcement));
    const transfer = transferOf(this, source, job);
    this.become({ type: "Transferring", user: this.#state.user, transfer });
    this.engine.observer.transferStarted(job.direction);
    this.#lastTransfer = transfer.outcome.then((outcome) => this.#transferEnded(transfer, outcome));
    return undefined;
  }

  compute(what: string, run: (signal: AbortSignal) => Promise<Reply>): undefined {
    if (this.#state.type !== "LoggedIn") return;
    const computation = new Computation(what, run, (error) => this.#failed(error));
    this.become({ type: "Computing", user: this.#state.user, computation });
    this.#lastTransfer = computation.outcome.then((answer) => this.#ready(answer));
  }

  reset(): void {
    this.prepare(undefined);
    this.pending.clear();
    // REIN leaves TLS on (unlike RFC 4217 section 11): the next USER and PASS would go in the clear.
    this.parameters = initialParameters(this.parameters.protection);
    const { state } = this;
    // A login deadline goes on: REIN must not buy time to one who never logs in.
    this.become(
      "deadline" in state ? { type: "AwaitingUser", deadline: state.deadline } : awaitingUser(this),
    );
  }

  countFailedLogin(): number {
    return ++this.#failedLogins;
  }

  /** Says goodbye and ends, whatever runs. */
  end(code: number, text: string): void {
    // Nothing can be said before the handshake is over.
    if (this.#security !== undefined && this.#security.handshake === undefined) this.destroy();
    else this.#say(lastReply(code, text));
  }

  /** Ends without a word. */
  destroy(): void {
    this.#control.destroy();
  }

  async secure(answer: Reply, protection: Protection): Promise<undefined> {
    if (!this.#control.hasUnread) await this.#control.sendWhole(answer);
    if (this.#ended || this.#control.hasUnread) {
      this.destroy();
      return undefined;
    }
    // RFC 4217 section 4: what was said in the clear does not count.
    this.reset();
    this.parameters = initialParameters(protection);
    this.#control.swap((plain) => this.#secured(plain, () => {}));
    return undefined;
  }

  async clear(answer: Reply): Promise<undefined> {
    const relay = this.#security?.relay;
    if (this.#security === undefined || relay === undefined)
      throw new EngineError("Internal", "TLS cannot be left");
    this.#security.relay = undefined;
    const left = relay.release();
    await this.#control.sendWhole(answer);
    await this.#control.follow(left);
    return undefined;
  }

  #greet(): void {
    this.#control.send(reply(220, this.engine.config.banner ?? "ftp-operator ready"));
  }

  /** TLS on the control connection, from here on. */
  #secured(plain: Duplex, onSecure: () => void): Duplex {
    const { tls } = this.engine;
    if (tls === undefined) throw new EngineError("Internal", "TLS is not configured");
    const relay = tls.config.clearControl === "Allow" ? new Relay(plain) : undefined;
    const data = new DataTls(tls, tls.families.newMember(), () => this.engine.config);
    const security: Security = { data, handshake: undefined, relay };
    this.#security = security;
    return tls.control(relay ?? plain, data.member, (handshake) => {
      security.handshake = handshake;
      onSecure();
    });
  }

  get #tlsUser(): TlsUser | undefined {
    return this.loggedIn && tlsUser(this.loggedIn.account, this.engine.clients.keyOf(this.client));
  }

  get #ended(): boolean {
    return this.#state.type === "Closing" || this.#state.type === "Closed";
  }

  #input(): void {
    this.#noteHangUp();
    this.#loop.work();
  }

  /** The login queue is only for clients that wait for the reply. */
  #noteHangUp(): void {
    if (this.#state.type === "LoggingIn" && this.#control.ended) this.#state.waiting.abort(CONTROL_LOST);
  }

  async #answer(line: InputLine): Promise<void> {
    const answer = await execute(this, line).catch((error: unknown) => this.#failed(error));
    if (answer !== undefined) this.#say(answer);
    if (this.#state.type === "LoggedIn") this.become(this.#state);
  }

  /** All commands are processed. When the client has disconnected, the running work is abandoned (RFC 959 section 4.1.1, QUIT). */
  #rest(): void {
    if (!this.#control.exhausted || this.#ended) return;
    this.#release(CONTROL_LOST);
    if (this.#security === undefined) {
      this.destroy();
      return;
    }
    // TLS answers a close_notify with one (RFC 5246 section 7.2.1).
    this.become({ type: "Closing" });
    this.#control.end();
  }

  #failed(error: unknown): Reply {
    const isOurs = ["Internal", "InvalidConfig"].includes(toEngineError(error).code);
    if (isOurs) this.engine.log.error({ err: error, client: this.client }, "command failed");
    return errorReply(error);
  }

  #say(answer: Reply): void {
    if (this.#ended) return;
    this.#control.send(answer);
    if (!answer.close) return;
    this.#release(new EngineError("Aborted", "The session ended"));
    this.become({ type: "Closing" });
    this.#control.end();
  }

  #transferEnded(transfer: Transfer, outcome: Outcome): void {
    reportTransfer(this, transfer, outcome);
    this.#ready(outcome.type === "Complete" ? reply(226, "Transfer complete") : this.#failed(outcome.error));
  }

  /** What ran beside the control channel is over: tells how, and goes on with what had to wait. */
  #ready(answer: Reply): void {
    if (this.#state.type !== "Transferring" && this.#state.type !== "Computing") return;
    this.become({ type: "LoggedIn", user: this.#state.user });
    this.#say(answer);
    this.#loop.work();
  }

  /** Releases everything on the data side, and aborts a waiting login. */
  #release(reason: EngineError): void {
    this.parameters.source?.dispose();
    this.parameters.source = undefined;
    abortWork(this.#state, reason);
  }

  #over(): void {
    if (this.#state.type === "Closed") return;
    this.#release(CONTROL_LOST);
    this.become({ type: "Closed" });
    this.#security?.data.member.leave();
    void this.#lastTransfer.then(this.#closing.resolve);
  }
}
