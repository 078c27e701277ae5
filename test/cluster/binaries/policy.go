package main

import (
	"fmt"

	"github.com/spf13/cobra"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/kube-network-policies/pkg/networkpolicy"
)

// newPolicyCommand returns the NetworkPolicy engine of one node. The published command works in a pod only.
func newPolicyCommand() *cobra.Command {
	var kubeconfig, node string
	var queue int
	command := &cobra.Command{
		Use:  "kube-network-policies",
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
			if err != nil {
				return fmt.Errorf("read %s: %w", kubeconfig, err)
			}
			// With JSON, an empty list of rules would arrive as one that allows everything.
			config.ContentType = "application/vnd.kubernetes.protobuf"
			client, err := kubernetes.NewForConfig(config)
			if err != nil {
				return err
			}
			factory := informers.NewSharedInformerFactory(client, 0)
			controller, err := networkpolicy.NewController(
				client,
				factory.Networking().V1().NetworkPolicies(),
				factory.Core().V1().Namespaces(),
				factory.Core().V1().Pods(),
				nil, nil, nil, nil,
				networkpolicy.Config{NodeName: node, QueueID: queue},
			)
			if err != nil {
				return err
			}
			factory.Start(command.Context().Done())
			return controller.Run(command.Context())
		},
	}
	command.Flags().StringVar(&kubeconfig, "kubeconfig", "", "file that says how to reach the API server")
	command.Flags().StringVar(&node, "node", "", "name of the node that this runs on")
	command.Flags().IntVar(&queue, "queue", 100, "number of the netfilter queue that packets come by")
	return command
}
