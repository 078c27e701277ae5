/** Adapts the operator Deployment for OLM, because OLM sets the operator namespace and the watched namespaces. */
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

/** Returns the operator Deployment with the changes for OLM. @throws Error when the chart lacks a required argument */
export function olmDeployment(object: Manifest): OperatorDeployment {
  const spec: DeploymentSpec = JSON.parse(JSON.stringify(object.spec));
  const [container] = spec.template.spec.containers;
  const index = container.args.findIndex((argument) => argument.startsWith(ELECTION));
  if (index === -1) throw new Error(`the Deployment of the chart has no argument ${ELECTION}`);
  // The kubelet expands $(NAME). The annotation value is empty when the OperatorGroup selects all namespaces.
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
