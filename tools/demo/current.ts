import { run } from "../../test/cluster/run.ts";
import { parseImage, type World } from "./world.ts";

/**
 * Returns the cluster of the current kubeconfig context. The demo uses kubectl and helm from PATH, and runs the FTP
 * client on this machine.
 */
export async function currentCluster(imageReference: string): Promise<World> {
  const image = parseImage(imageReference);
  const context = (await run(["kubectl", "config", "current-context"])).trim();
  const kubectl = (args: readonly string[], stdin?: string) =>
    run(["kubectl", `--context=${context}`, ...args], stdin === undefined ? {} : { stdin });
  return {
    outlook: [
      `The demo uses the cluster of your kubeconfig context "${context}". It installs the Helm release ftp-operator in namespace`,
      "ftp-system (with the FtpServer CRD) and applies examples/basic.yaml in namespace default, which creates one user and a",
      "LoadBalancer Service. Your cloud provider can charge for the address. The demo does not remove these objects.",
    ],
    up: async () => {
      const { serverVersion } = JSON.parse(await kubectl(["version", "-o", "json"]));
      return `context ${context}, Kubernetes ${serverVersion.gitVersion}`;
    },
    image: async () => ({ ...image, summary: `${imageReference}; the nodes must be able to pull it` }),
    kubectl,
    helm: (args) => run(["helm", `--kube-context=${context}`, ...args]),
    kubectlCommand: "kubectl",
    outside: (argv) => [...argv],
    outsideCommand: (command) => command,
    tearDown: [
      "kubectl delete -f examples/basic.yaml",
      "helm -n ftp-system uninstall ftp-operator",
      "kubectl delete crd ftpservers.ftp-operator.io",
    ],
  };
}
