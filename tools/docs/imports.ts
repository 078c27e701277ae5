/** Reads the imports between the files in src/, including type imports. */
import { globSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";

export const SOURCE = join(import.meta.dirname, "../../src");

const IMPORT = /(?:from|import)\s*\(?\s*"(\.[^"]+)"/gu;

/** Imported files, keyed by the importing file. Paths are relative to src/. */
export type Imports = ReadonlyMap<string, readonly string[]>;

/** Returns the imports of all files in src/. */
export function readImports(): Imports {
  const files = globSync("**/*.ts", { cwd: SOURCE }).toSorted();
  return new Map(files.map((file) => [file, importsOf(file)]));
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(SOURCE, file), "utf8");
  return [...text.matchAll(IMPORT)].map(([, path = ""]) => posix.join(dirname(file), path));
}

/** Folders in which each subfolder is a separate part. */
const OPEN_FOLDERS = new Set(["engine", "plan"]);

/**
 * Returns the part of src/ that contains a file. Most parts are folders, for example `kube` or `plan/slots`. A file
 * directly in engine/ or plan/ is a separate part, for example `engine/errors`. The programs directly in src/ form the
 * part `main`.
 */
function partOf(file: string): string {
  const [first = "", second, third] = file.split("/");
  if (second === undefined) return "main";
  return OPEN_FOLDERS.has(first)
    ? `${first}/${third === undefined ? second.replace(".ts", "") : second}`
    : first;
}

/** Returns the parts that each part imports. */
export function arrowsOf(imports: Imports): Map<string, Set<string>> {
  const arrows = new Map<string, Set<string>>();
  for (const [file, targets] of imports) {
    const part = partOf(file);
    const found = arrows.get(part) ?? new Set();
    for (const target of targets) if (partOf(target) !== part) found.add(partOf(target));
    arrows.set(part, found);
  }
  return arrows;
}

/**
 * Returns the nodes of one cycle in a graph, with the first node repeated at the end. Returns undefined for a graph
 * without cycles.
 */
export function cycleIn(graph: ReadonlyMap<string, Iterable<string>>): string[] | undefined {
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (node: string): string[] | undefined => {
    const at = path.indexOf(node);
    if (at >= 0) return [...path.slice(at), node];
    if (done.has(node)) return undefined;
    path.push(node);
    for (const next of graph.get(node) ?? []) {
      const cycle = visit(next);
      if (cycle !== undefined) return cycle;
    }
    path.pop();
    done.add(node);
    return undefined;
  };
  for (const node of graph.keys()) {
    const cycle = visit(node);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}

/**
 * Returns the transitive reduction of a graph.
 * @param graph graph without cycles
 */
export function transitiveReduction(graph: ReadonlyMap<string, ReadonlySet<string>>): Map<string, string[]> {
  const reachable = new Map<string, Set<string>>();
  const reach = (node: string): Set<string> => {
    const known = reachable.get(node);
    if (known !== undefined) return known;
    const found = new Set<string>();
    reachable.set(node, found);
    for (const next of graph.get(node) ?? []) for (const one of [next, ...reach(next)]) found.add(one);
    return found;
  };
  return new Map(
    [...graph].map(([node, targets]) => {
      const indirect = new Set([...targets].flatMap((target) => [...reach(target)]));
      return [node, [...targets].filter((target) => !indirect.has(target)).toSorted()];
    }),
  );
}
