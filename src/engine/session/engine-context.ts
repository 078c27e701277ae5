import type { EngineConfig } from "../../api/engine-config.ts";
import type { Clock } from "../../common/clock.ts";
import type { Semaphore } from "../../common/semaphore.ts";
import type { TickBudget } from "../../common/tick-budget.ts";
import type { Account } from "../auth/account.ts";
import type { Authenticator } from "../auth/authenticator.ts";
import type { FailedLogins } from "../auth/failed-logins.ts";
import type { ClientKeys } from "../client-address.ts";
import type { EngineObserver, Log } from "../observer.ts";
import type { PassivePorts } from "../passive/passive-ports.ts";
import type { GuardedStorage } from "../storage/guarded-storage.ts";
import type { KernelCopy } from "../storage/local/system/kernel-copy.ts";
import type { TlsLayer } from "../tls/tls-layer.ts";
import type { BandwidthLimits } from "../transfer/bandwidth.ts";
import type { BufferBudget } from "../transfer/buffer-budget.ts";

/** What all sessions share. A new configuration replaces some of the values, so read them when they are needed. */
export interface EngineContext {
  readonly config: EngineConfig;
  readonly clients: ClientKeys;
  /** Whether the engine drains: it accepts no new sessions, and STAT says so. */
  readonly draining: boolean;
  readonly authenticator: Authenticator;
  readonly failedLogins: FailedLogins;
  readonly passive: Pick<PassivePorts, "reserve" | "addressFor">;
  /** Undefined: plain FTP only. */
  readonly tls: TlsLayer | undefined;
  /** Undefined: transfers are copied through this process. */
  readonly kernelCopy: KernelCopy | undefined;
  readonly buffers: BufferBudget;
  readonly bandwidths: BandwidthLimits;
  /** Event-loop budget of commands. */
  readonly ticks: TickBudget;
  /** Event-loop budget of transfers, listings and checksums. It is separate because commands are short. */
  readonly transferTicks: TickBudget;
  /** Limits the running checksums. */
  readonly checksums: Semaphore;
  /** Limits the running copies (SITE CPTO). */
  readonly copies: Semaphore;
  readonly observer: EngineObserver;
  readonly log: Log;
  readonly clock: Clock;
  /** @throws EngineError when the home directory cannot be opened */
  openHome(account: Account): Promise<GuardedStorage>;
  /** Returns the number of sessions of a user. */
  sessionsOf(user: string): number;
}
