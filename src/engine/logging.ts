import { type Logger, pino } from "pino";
import type { EngineConfig } from "../api/engine-config.ts";

/** JSON lines on standard output, without a transport thread. The level can be changed while it runs. */
export function createLogger(level: EngineConfig["logging"]["level"]): Logger {
  return pino({ level: pinoLevel(level), base: null, timestamp: pino.stdTimeFunctions.isoTime });
}

/** The configuration's word for a level in pino's. */
export function pinoLevel(level: EngineConfig["logging"]["level"]): string {
  return level.toLowerCase();
}
