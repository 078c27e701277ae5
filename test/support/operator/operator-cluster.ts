import { after, before } from "node:test";
import { type ControlPlane, startControlPlane } from "../../cluster/control-plane.ts";
import { installCrd, type RunningOperator, startOperator } from "./running.ts";

export interface OperatorClusterOptions {
  /** Whether to run Kubernetes controllers, for example the garbage collector. Defaults to false. */
  controllerManager?: boolean;
  /** Function that creates objects before the operator starts. */
  prepare?: (plane: ControlPlane) => Promise<unknown>;
}

/** Control plane with the CRDs and an operator in this process. All tests in a file share the control plane. */
export class OperatorCluster {
  plane!: ControlPlane;
  operator!: RunningOperator;

  async start({ controllerManager = false, prepare }: OperatorClusterOptions): Promise<void> {
    this.plane = await startControlPlane({ controllerManager });
    await installCrd(this.plane);
    await prepare?.(this.plane);
    this.operator = startOperator(this.plane);
  }

  async restartOperator(): Promise<void> {
    await this.operator.stop();
    this.operator = startOperator(this.plane);
  }

  async stop(): Promise<void> {
    await this.operator?.stop();
    await this.plane?.stop();
  }
}

/** Starts a control plane before the tests in a file and stops it after the tests. */
export function useOperatorCluster(options: OperatorClusterOptions = {}): OperatorCluster {
  const cluster = new OperatorCluster();
  before(() => cluster.start(options));
  after(() => cluster.stop());
  return cluster;
}
