// Validates an OLM bundle as `operator-sdk bundle validate` and OperatorHub do: validators BUNDLE_FOLDER. Prints one line for
// each finding; exit code 1 when one is an error. Validators that pull images are left out.
package main

import (
	"fmt"
	"os"

	"github.com/operator-framework/api/pkg/manifests"
	"github.com/operator-framework/api/pkg/validation"
	"github.com/operator-framework/api/pkg/validation/errors"
)

func main() {
	bundle, err := manifests.GetBundleFromDir(os.Args[1])
	if err != nil {
		fmt.Printf("error: %v\n", err)
		os.Exit(1)
	}
	validators := append(
		validation.DefaultBundleValidators,
		validation.OperatorHubV2Validator,
		validation.StandardCategoriesValidator,
		validation.StandardCapabilitiesValidator,
		validation.GoodPracticesValidator,
		validation.AlphaDeprecatedAPIsValidator,
	)
	failed := false
	for _, result := range validators.Validate(bundle.ObjectsToValidate()...) {
		failed = failed || result.HasError()
		print("error", result.Errors)
		print("warning", result.Warnings)
	}
	if failed {
		os.Exit(1)
	}
}

func print(kind string, findings []errors.Error) {
	for _, finding := range findings {
		fmt.Printf("%s: %s\n", kind, finding.Detail)
	}
}
