/** A hash of the object as the plan wished it. */
export const HASH_ANNOTATION = "ftp-operator.io/hash";
/** On pods: a hash of the pod template they were made from. */
export const TEMPLATE_HASH_ANNOTATION = "ftp-operator.io/template-hash";
/** On pods: keys that `spec.childMetadata` gave them, so that they go when the spec no longer has them. */
export const CHILD_METADATA_ANNOTATION = "ftp-operator.io/child-metadata";
/** On pods: the generation of the engine's config that the pod was last told of, so that kubelet syncs at once. */
export const CONFIG_GENERATION_ANNOTATION = "ftp-operator.io/config-generation";
