/** Sinks, and the messages between the engine and the thread that sends events to sinks. */
import type { EngineHttpSink, EngineNotifications } from "../../../api/engine-notifications.ts";
import type { SinkResult } from "./response.ts";
import type { ProbeFailure } from "./sink-probe.ts";

/** Receiver of the events for one notification. */
export interface Sink {
  /**
   * Sends one event. Never rejects.
   * @param line log line that contains the event
   */
  send(line: string): Promise<SinkResult>;
  /** Checks the sink without sending an event. Returns undefined if the check succeeds. Never rejects. */
  check(): Promise<ProbeFailure | undefined>;
}

/** Settings of the thread. */
export interface ThreadSettings {
  sinks: readonly EngineHttpSink[];
  internalSinks: EngineNotifications["internalSinks"];
}

export interface SinkRequest {
  /** Number of the request. */
  id: number;
  /** Index of the sink in the settings. */
  sink: number;
  /** Log line that contains the event. Without a line, the thread checks the connection to the sink. */
  line?: string;
}

/** Message to the thread: requests that the engine made in one event-loop tick, or the command to end all requests. */
export type ToThread = { type: "Requests"; requests: readonly SinkRequest[] } | { type: "Close" };

/** Message from the thread: results of requests. */
export type FromThread = readonly { id: number; result: SinkResult }[];
