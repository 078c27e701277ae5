import type { EngineNotification } from "../../api/engine-notifications.ts";
import { matchesGlob } from "../protocol/glob.ts";
import { componentsOf } from "../storage/path.ts";
import { type EngineEvent, isLogin, userOf } from "./event.ts";

/** Pattern component that matches any number of directories. */
const ANY_DIRECTORIES = "**";

/** Returns whether a notification includes an event. Path patterns do not apply to logins. */
export function includes({ events, paths, users }: EngineNotification, event: EngineEvent): boolean {
  if (!events.includes(event.type)) return false;
  if (users.length > 0 && !users.includes(userOf(event))) return false;
  if (isLogin(event) || paths.length === 0) return true;
  const found = event.previousPath === undefined ? [event.path] : [event.path, event.previousPath];
  return paths.some((pattern) => found.some((path) => matchesPath(pattern, path)));
}

/**
 * Returns whether a virtual path matches a pattern. `*` and `?` match characters within one path component. `**`
 * matches any number of directories. The number of steps is at most the product of the component counts of the pattern
 * and the path.
 */
export function matchesPath(pattern: string, path: string): boolean {
  const names = componentsOf(path);
  // Element n is true if the first n names match the pattern components that were already processed.
  let matched = [true, ...names.map(() => false)];
  for (const part of componentsOf(pattern)) {
    const before = matched;
    matched =
      part === ANY_DIRECTORIES
        ? before.map((_, index) => before.slice(0, index + 1).includes(true))
        : before.map(
            (_, index) =>
              index > 0 && before[index - 1] === true && matchesName(part, names[index - 1] ?? ""),
          );
  }
  return matched.at(-1) === true;
}

/**
 * Returns whether a name matches a pattern. In contrast to patterns in listings, wildcards also match a leading dot.
 */
function matchesName(pattern: string, name: string): boolean {
  return matchesGlob(`.${pattern}`, `.${name}`);
}
