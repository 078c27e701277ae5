import { type DestinationStream, type Logger, pino } from "pino";
import type { EngineConfig } from "../api/engine-config.ts";

/**
 * Returns a logger of JSON lines, without a transport thread. Its level can be changed while it runs.
 * @param destination takes each line; undefined: standard output
 */
export function createLogger(
  level: EngineConfig["logging"]["level"],
  destination?: DestinationStream,
): Logger {
  const options = { level: pinoLevel(level), base: null, timestamp: pino.stdTimeFunctions.isoTime };
  return destination === undefined ? pino(options) : pino(options, destination);
}

/** The configuration's word for a level in pino's. */
export function pinoLevel(level: EngineConfig["logging"]["level"]): string {
  return level.toLowerCase();
}
