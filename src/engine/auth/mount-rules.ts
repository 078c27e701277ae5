import { isChange, type EngineDirectory, type Permission } from "../../api/engine-config.ts";
import type { EngineMount } from "../../api/engine-storage.ts";
import { AccessRules, namesOf } from "./access-rules.ts";

/**
 * Returns the directories in which a user has separate permissions, including all mount points. The user therefore
 * cannot move or remove a mount point. The rules for read-only mounts contain no permissions for changes.
 */
export function rulesWithMounts(
  permissions: readonly Permission[],
  directories: readonly EngineDirectory[],
  mounts: readonly EngineMount[],
): EngineDirectory[] {
  const rules = new AccessRules(permissions, directories);
  const own = mounts.map(({ path }) => ({ path, permissions: [...rules.at(path).permissions] }));
  const others = directories.filter(({ path }) => !mounts.some((mount) => mount.path === path));
  return [...others, ...own].map(({ path, permissions }) => ({
    path,
    permissions: isReadOnly(path, mounts) ? permissions.filter((one) => !isChange(one)) : permissions,
  }));
}

/** Returns whether the mount with the longest path that contains `path` is read-only. */
function isReadOnly(path: string, mounts: readonly EngineMount[]): boolean {
  const names = namesOf(path);
  const containing = mounts.filter((mount) =>
    namesOf(mount.path).every((name, index) => name === names[index]),
  );
  const longest = containing.toSorted((a, b) => namesOf(b.path).length - namesOf(a.path).length)[0];
  return longest?.access === "ReadOnly";
}
