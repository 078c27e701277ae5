/**
 * Linters of kube-api-linter without a convention here, by the reason. The `linters` of the conventions name all others.
 * kube-api-linter reads Go types with markers. This project writes its schemas in YAML, so linters about Go have no object.
 */
export const WITHOUT_CONVENTION: Readonly<Record<string, string>> = {
  dependenttags: "pairs of Go markers. The convention list-merge requires the map keys of map lists",
  nonpointerstructs: "pointers of Go structs, and only of types that Go code validates",
  optionalfields: "pointers and omitempty of Go fields",
  preferredmarkers: "spelling of Go markers",
  requiredfields: "pointers and omitempty of Go fields",
};
