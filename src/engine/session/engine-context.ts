import type { EngineConfig } from "../../api/engine-config.ts";
import type { Clock } from "../../common/clock.ts";
import type { Semaphore } from "../../common/semaphore.ts";
import type { TickBudget } from "../../common/tick-budget.ts";
import type { Account } from "../auth/account.ts";
import type { Authenticator } from "../auth/authenticator.ts";
import type { FailedLogins } from "../auth/failed-logins.ts";
import type { ClientKeys } from "../client-address.ts";
import type { EventRecorder } from "../notifications/event.ts";
import type { EngineObserver, Log } from "../observer.ts";
import type { PassivePorts } from "../passive/passive-ports.ts";
import type { GuardedStorage } from "../storage/guarded-storage.ts";
import type { KernelCopy } from "../storage/local/system/kernel-copy.ts";
import type { TlsLayer } from "../tls/tls-layer.ts";
import type { BandwidthLimits } from "../transfer/bandwidth.ts";
import type { BufferBudget } from "../transfer/buffer-budget.ts";

/** State shared by all sessions. A new configuration replaces some values. Read each value immediately before use. */
export interface EngineContext {
  readonly config: EngineConfig;
  readonly clients: ClientKeys;
  /**
   * Whether the engine is draining. A draining engine accepts no new sessions, and the STAT reply reports the drain.
   */
  readonly draining: boolean;
  readonly authenticator: Authenticator;
  readonly failedLogins: FailedLogins;
  readonly passive: Pick<PassivePorts, "reserve" | "addressFor">;
  /** TLS layer. The value is undefined when the engine serves only unencrypted FTP. */
  readonly tls: TlsLayer | undefined;
  /** Kernel copy functions. The value is undefined when this process copies all bytes. */
  readonly kernelCopy: KernelCopy | undefined;
  readonly buffers: BufferBudget;
  readonly bandwidths: BandwidthLimits;
  /** Event-loop budget for commands. */
  readonly ticks: TickBudget;
  /**
   * Event-loop budget for transfers, listings and checksums. Commands have a separate budget, because they take little
   * time.
   */
  readonly transferTicks: TickBudget;
  /** Limits the number of concurrent checksums. */
  readonly checksums: Semaphore;
  /** Limits the number of concurrent copies (SITE CPTO). */
  readonly copies: Semaphore;
  /** Limits the number of concurrent directory renames in object storage. */
  readonly renames: Semaphore;
  readonly observer: EngineObserver;
  readonly recorder: EventRecorder;
  readonly log: Log;
  readonly clock: Clock;
  /** @throws EngineError when the home directory cannot be opened */
  openHome(account: Account): Promise<GuardedStorage>;
  /** Returns the number of open sessions for a user. */
  sessionsOf(user: string): number;
}
