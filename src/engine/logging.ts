import { type DestinationStream, type Logger, pino } from "pino";
import type { EngineConfig } from "../api/engine-config.ts";

/**
 * Returns a logger that writes JSON lines without a transport thread. The log level can be changed at run time.
 * @param destination receives each line; undefined means standard output
 */
export function createLogger(
  level: EngineConfig["logging"]["level"],
  destination?: DestinationStream,
): Logger {
  const options = { level: pinoLevel(level), base: null, timestamp: pino.stdTimeFunctions.isoTime };
  return destination === undefined ? pino(options) : pino(options, destination);
}

/** Returns the pino name for a configured log level. */
export function pinoLevel(level: EngineConfig["logging"]["level"]): string {
  return level.toLowerCase();
}
