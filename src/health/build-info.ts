import { Gauge, type Registry } from "@prometheus-io/client";
import { BUILD } from "../common/version.ts";

/**
 * Registers a gauge that is always 1 and carries the program's version in its labels, as the programs of Prometheus do.
 * @param name ends in `_build_info`
 */
export function registerBuildInfo(registry: Registry, name: string, program: string): void {
  const labels = { version: BUILD.version, revision: BUILD.commit ?? "", node_version: BUILD.node };
  const info = new Gauge({
    name,
    help: `Always 1; the labels are the version of the ${program}, its commit (empty when not known) and its Node.js.`,
    labelNames: Object.keys(labels),
    registers: [registry],
  });
  info.set(labels, 1);
}
