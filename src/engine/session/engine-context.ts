import type { EngineConfig } from "../../api/engine-config.ts";
import type { Account } from "../auth/account.ts";
import type { Authenticator } from "../auth/authenticator.ts";
import type { FailedLogins } from "../auth/failed-logins.ts";
import type { BandwidthLimits } from "../transfer/bandwidth.ts";
import type { BufferBudget } from "../transfer/buffer-budget.ts";
import type { ClientKeys } from "../client-address.ts";
import type { PassivePorts } from "../passive/port-pool.ts";
import type { TlsLayer } from "../tls/tls-layer.ts";
import type { GuardedStorage } from "../storage/guarded-storage.ts";
import type { KernelCopy } from "../storage/local/system/kernel-copy.ts";
import type { Addresses } from "../client-address.ts";
import type { Clock } from "../../common/clock.ts";
import type { EngineObserver, Log } from "../observer.ts";
import type { Semaphore } from "../../common/semaphore.ts";
import type { TickBudget } from "../../common/tick-budget.ts";

/** What all sessions of a server share. The fields change when the configuration is reloaded; read them, never keep them. */
export interface EngineContext {
  readonly config: EngineConfig;
  readonly clients: ClientKeys;
  /** Whether the server is going down: it says so in STAT, and takes no new sessions. */
  readonly draining: boolean;
  readonly authenticator: Authenticator;
  readonly failedLogins: FailedLogins;
  readonly passive: PassivePorts;
  /** Undefined: plain FTP only. */
  readonly tls: TlsLayer | undefined;
  readonly buffers: BufferBudget;
  readonly bandwidths: BandwidthLimits;
  /** The event loop, for transfers, listings and checksums. They wait in a separate queue, because commands are short. */
  readonly transferTicks: TickBudget;
  /** The checksums that may run at once. */
  readonly checksums: Semaphore;
  /** The copies of files that may be made at once (SITE CPTO). */
  readonly copies: Semaphore;
  readonly observer: EngineObserver;
  readonly log: Log;
  readonly clock: Clock;
  /** Undefined: transfers are copied through this process. */
  readonly kernelCopy: KernelCopy | undefined;
  /** The event-loop budget of sessions. */
  readonly ticks: TickBudget;
  /** The IPv4 address that PASV announces to a client; undefined while it is not known. */
  announcedAddress(ends: Addresses): string | undefined;
  /** @throws EngineError when there is no such home */
  openHome(account: Account): Promise<GuardedStorage>;
  /** How many sessions a user has now. */
  sessionsOf(user: string): number;
}
