import type { Permission } from "../../api/engine-config.ts";
import type { CommandContext, CommandResult } from "../session/command-context.ts";
import type { EngineContext } from "../session/engine-context.ts";
import type { PrefixRule } from "../session/pending-prefixes.ts";
import type { TransferParameters } from "../session/transfer-parameters.ts";

/** Runs a command. Returns a promise only when it must wait. */
export type Handler = (context: CommandContext, argument: string) => CommandResult | Promise<CommandResult>;

/** One row of the command table: everything that is decided before a handler runs. */
export interface Command extends PrefixRule {
  verb: string;
  /** None: text after the verb is ignored, like in other servers. */
  argument: "None" | "Optional" | "Required";
  login: "NotNeeded" | "Needed";
  /**
   * Permission without which the command is rejected if the user has it in no directory. GuardedStorage checks it for the path. A
   * command that accepts other permissions instead checks these itself.
   */
  permission?: Permission;
  /** Connection that must be protected when tls.mode (control) or tls.dataProtection (data) requires it. */
  tls?: "Control" | "Data";
  /** Whether the command runs during a transfer or background job. Other commands wait for its end. */
  duringTransfer?: true;
  /** Line in the FEAT reply (RFC 2389 section 3.2). */
  feature?: (parameters: TransferParameters) => string;
  /** Whether the configuration enables the command. FEAT omits it otherwise. Absent: always. */
  offered?: (engine: EngineContext) => boolean;
  /** Syntax for HELP. */
  syntax: string;
  /** Document that specifies the command; "none" for commands that are only customary. */
  specification: string;
  run: Handler;
}

export type CommandFamily = readonly Command[];
