import type { Permission } from "../../api/engine-config.ts";
import type { CommandContext, CommandResult } from "../session/command-context.ts";
import type { EngineContext } from "../session/engine-context.ts";
import type { PrefixRule } from "../session/pending-prefixes.ts";
import type { TransferParameters } from "../session/transfer-parameters.ts";

/** Runs a command. Returns a promise only when the command must wait. */
export type Handler = (context: CommandContext, argument: string) => CommandResult | Promise<CommandResult>;

/** Row of the command table with the rules that the engine checks before it runs a handler. */
export interface Command extends PrefixRule {
  verb: string;
  /**
   * Whether the command takes an argument. With `None`, the engine ignores text after the verb, like other FTP servers.
   */
  argument: "None" | "Optional" | "Required";
  login: "NotNeeded" | "Needed";
  /**
   * Permission that the user needs in at least one directory. `GuardedStorage` checks the permission for the command's
   * path. A handler that accepts alternative permissions checks these permissions itself.
   */
  permission?: Permission;
  /**
   * Connection for which the configuration can require protection. The setting is `tls.mode` for `Control` and
   * `tls.dataProtection` for `Data`.
   */
  tls?: "Control" | "Data";
  /**
   * Whether the command can run during a transfer or background job. Other commands wait until the transfer or job
   * ends.
   */
  duringTransfer?: true;
  /** Line in the FEAT reply (RFC 2389 section 3.2). */
  feature?: (parameters: TransferParameters) => string;
  /** Whether the configuration enables the command. FEAT omits disabled commands. Defaults to enabled. */
  offered?: (engine: EngineContext) => boolean;
  /** Syntax for HELP. */
  syntax: string;
  /** Document that specifies the command, or `none` for a customary command without a specification. */
  specification: string;
  run: Handler;
}

export type CommandFamily = readonly Command[];
