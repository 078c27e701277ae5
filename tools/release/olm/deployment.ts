/** The operator's Deployment as OLM creates it: in a namespace that is known only then, and for the namespaces of an OperatorGroup. */
import type { Manifest } from "../chart.ts";

interface Container {
  image: string;
  args: string[];
  env?: object[];
  [field: string]: unknown;
}

interface DeploymentSpec {
  selector: { matchLabels: Record<string, string> };
  template: { spec: { serviceAccountName: string; containers: [Container] } };
}

export interface OperatorDeployment {
  name: string;
  label?: Record<string, string>;
  spec: DeploymentSpec;
}

const ELECTION = "--leader-election-namespace=";

/** @throws Error when the chart's Deployment lacks an argument that must change. */
export function olmDeployment(object: Manifest): OperatorDeployment {
  const spec: DeploymentSpec = JSON.parse(JSON.stringify(object.spec));
  const [container] = spec.template.spec.containers;
  const index = container.args.findIndex((argument) => argument.startsWith(ELECTION));
  if (index === -1) throw new Error(`the chart's Deployment has no ${ELECTION}`);
  // kubelet expands $(NAME). The annotation is empty when the OperatorGroup selects all namespaces.
  container.args[index] = `${ELECTION}$(OPERATOR_NAMESPACE)`;
  container.args.push("--namespaces=$(TARGET_NAMESPACES)");
  container.env = [
    ...(container.env ?? []),
    { name: "OPERATOR_NAMESPACE", valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } } },
    {
      name: "TARGET_NAMESPACES",
      valueFrom: { fieldRef: { fieldPath: "metadata.annotations['olm.targetNamespaces']" } },
    },
  ];
  return {
    name: object.metadata.name,
    ...(object.metadata.labels !== undefined && { label: object.metadata.labels }),
    spec,
  };
}
