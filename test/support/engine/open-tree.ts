import { DirectoryTree } from "../../../src/engine/storage/local/directory-tree.ts";
import { KernelCopy } from "../../../src/engine/storage/local/system/kernel-copy.ts";
import type { UploadPolicy } from "../../../src/engine/storage/uploads/incomplete-uploads.ts";

/** The KernelCopy instance of this process. All test engines share the instance. */
export const KERNEL_COPY = KernelCopy.load();

/** Opens a directory tree with the function that an engine uses. */
export function openTree(root: string, policy: () => UploadPolicy): Promise<DirectoryTree> {
  return DirectoryTree.open(root, policy, KERNEL_COPY);
}
