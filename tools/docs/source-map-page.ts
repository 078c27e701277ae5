/**
 * Generates docs/contributing/source-map.md from the imports in src/. `node tools/docs/source-map-page.ts --write`
 * writes the page.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { arrowsOf, readImports, transitiveReduction } from "./imports.ts";

export const PAGE = join(import.meta.dirname, "../../docs/contributing/source-map.md");

/** Purpose of each folder, and of each file that connects several folders. */
const PURPOSES: Readonly<Record<string, string>> = {
  main: "entry points of both programs",
  cli: "commands of both programs",
  operator: "observe, plan, apply, update the status",
  kube: "client of the API server",
  probe: "FTP client that reports the first failing step",
  health: "health checks and metrics over HTTP",
  api: "types, defaults and rules of the resources and of the engine configuration",
  common: "building blocks without domain knowledge",
  plan: "from an FtpServer and observed objects to desired objects and status",
  engine: "the FTP server",
  "plan/plan": "one step: decide, build, compare, report",
  "plan/decide": "address, storage, slots and accounts of an FtpServer",
  "plan/diff": "objects to apply, to delete and to patch",
  "plan/desired": "one builder for each child object",
  "plan/conditions": "conditions and their reasons",
  "plan/slots": "port slices, and the slots that start, serve and drain",
  "plan/network": "announced address, exposure, load balancers, networks",
  "plan/accounts": "admission, capacity and status of accounts",
  "plan/model": "types of observations, decisions and objects",
  "engine/engine": "composition of the engine",
  "engine/commands": "command table, and one file for each family of commands",
  "engine/session": "one control connection: states, command loop, results",
  "engine/transfer": "data connections, encodings, bandwidth, memory",
  "engine/passive": "port pool, reservations, announced address",
  "engine/protocol": "framing, command lines, replies, list lines",
  "engine/storage": "storage interface, usage ledger, local directory tree",
  "engine/tls": "TLS sockets, certificates, session affinity",
  "engine/auth": "logins, password verification, access rules, bans",
  "engine/proxy-protocol": "headers of trusted proxies",
  "engine/config": "schema, loading and reloading of the configuration",
  "engine/admin": "administration socket",
  "engine/metrics": "Prometheus metrics and readiness",
};

type Graph = ReadonlyMap<string, ReadonlySet<string>>;

/** Returns a copy of the graph with renamed nodes. Omits each node for which `rename` returns undefined. */
function view(graph: Graph, rename: (part: string) => string | undefined): Map<string, Set<string>> {
  const seen = new Map<string, Set<string>>();
  for (const [part, targets] of graph) {
    const from = rename(part);
    if (from === undefined) continue;
    const found = seen.get(from) ?? new Set();
    for (const target of targets) {
      const to = rename(target);
      if (to !== undefined && to !== from) found.add(to);
    }
    seen.set(from, found);
  }
  return seen;
}

/** Returns a Mermaid diagram of a graph. @param folder prefix of the nodes in PURPOSES */
function diagram(graph: Graph, folder = ""): string {
  const reduced = transitiveReduction(graph);
  const id = (part: string): string => part.replace(/\W/gu, "_");
  const nodes = [...reduced.keys()].map((part) => {
    const purpose = PURPOSES[`${folder}${part}`];
    return `  ${id(part)}["${part}${purpose === undefined ? "" : `<br>${purpose}`}"]`;
  });
  const edges = [...reduced].flatMap(([part, targets]) =>
    targets.length === 0 ? [] : [`  ${id(part)} --> ${targets.map(id).join(" & ")}`],
  );
  return ["```mermaid", "flowchart TD", ...nodes, ...edges, "```"].join("\n");
}

/** Returns the text of the page. */
export function sourceMapPage(): string {
  const arrows = arrowsOf(readImports());
  const top = view(arrows, (part) => part.split("/")[0]);
  const inside = (folder: string): Map<string, Set<string>> =>
    view(arrows, (part) => (part.startsWith(`${folder}/`) ? part.slice(folder.length + 1) : undefined));
  return `<!-- Generated from the imports in src/ by \`npm run generate\`; do not edit. -->
# Source map

The diagrams show the folders in \`src/\`. An arrow means that a file in one folder imports a file in another folder. Type
imports are included. The diagrams omit arrows that other arrows imply. [test/arrows.test.ts](../../test/arrows.test.ts)
rejects import cycles and imports in the opposite direction of an arrow.

## The parts

${diagram(top)}

## The plan

${diagram(inside("plan"), "plan/")}

## The engine

${diagram(inside("engine"), "engine/")}
`;
}

if (import.meta.main && process.argv.includes("--write")) writeFileSync(PAGE, sourceMapPage());
