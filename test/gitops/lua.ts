/** Runs the Argo CD health scripts with Lua. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const FOLDER = join(import.meta.dirname, "../../examples/gitops/argo-cd");
export const script = (kind: string): string =>
  readFileSync(join(FOLDER, `health-${kind.toLowerCase()}.lua`), "utf8");
// Lua interpreter of the version that Argo CD uses.
const LUA = "/usr/bin/lua5.1";
export const skip = !existsSync(LUA) && "Lua 5.1 is not installed (package lua5.1)";

interface Health {
  status: string;
  message: string;
}

/** Converts a value to a Lua table. Strings become decimal escape sequences. */
function toLua(value: unknown): string {
  if (Array.isArray(value)) return `{${value.map(toLua).join(",")}}`;
  if (typeof value === "object" && value !== null) {
    const fields = Object.entries(value).filter(([, below]) => below !== undefined && below !== null);
    return `{${fields.map(([key, below]) => `[${toLua(key)}]=${toLua(below)}`).join(",")}}`;
  }
  if (typeof value !== "string") return String(value);
  return `"${[...Buffer.from(value)].map((byte) => `\\${String(byte).padStart(3, "0")}`).join("")}"`;
}

/** Runs a health script for each of the given objects, and returns the results. */
export function healthOf(kind: string, objects: readonly object[]): Health[] {
  const program = [
    `local function health(obj)\n${script(kind)}\nend`,
    `for _, object in ipairs(${toLua(objects)}) do`,
    '  local found = health(object)\n  print(found.status .. "\\t" .. (found.message or ""))\nend',
  ].join("\n");
  const output = execFileSync(LUA, ["-"], { input: program, encoding: "utf8" });
  return output
    .trimEnd()
    .split("\n")
    .map((line) => {
      const [status = "", message = ""] = line.split("\t");
      return { status, message };
    });
}
