// Validates CRDs and custom resources with the code of the API server: crd-validator CRD_FILE... < OBJECTS. Standard input is a
// JSON array of custom resources of these CRDs. Prints {"crds": {FILE: [ERROR, ...]}, "objects": [[{field, message}, ...], ...]}.
package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	v1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/listtype"
	objects "k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	"k8s.io/apimachinery/pkg/util/json"
	"k8s.io/apimachinery/pkg/util/validation/field"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
	"sigs.k8s.io/yaml"
)

type report struct {
	CRDs    map[string][]string `json:"crds"`
	Objects [][]cause           `json:"objects"`
}

type cause struct {
	Field   string `json:"field"`
	Message string `json:"message"`
}

func main() {
	result := report{CRDs: map[string][]string{}, Objects: [][]cause{}}
	kinds := map[string]*kind{}
	for _, file := range os.Args[1:] {
		crd, err := read(file)
		if err != nil {
			result.CRDs[file] = []string{err.Error()}
			continue
		}
		result.CRDs[file] = messages(validation.ValidateCustomResourceDefinition(context.Background(), crd))
		if len(result.CRDs[file]) == 0 {
			kinds[crd.Spec.Names.Kind] = must(newKind(crd))
		}
	}
	var resources []interface{}
	check(json.Unmarshal(must(io.ReadAll(os.Stdin)), &resources))
	for _, resource := range resources {
		object := resource.(map[string]interface{})
		causes := []cause{{"kind", "no accepted CRD has this kind"}}
		if known := kinds[fmt.Sprint(object["kind"])]; known != nil {
			causes = known.validate(object)
		}
		result.Objects = append(result.Objects, causes)
	}
	fmt.Println(string(must(json.Marshal(result))))
}

// read returns a CRD as the API server stores it, with its defaults.
func read(file string) (*apiextensions.CustomResourceDefinition, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	published, stored := &v1.CustomResourceDefinition{}, &apiextensions.CustomResourceDefinition{}
	if err := yaml.UnmarshalStrict(data, published); err != nil {
		return nil, err
	}
	v1.SetObjectDefaults_CustomResourceDefinition(published)
	for _, version := range published.Spec.Versions {
		if version.Storage {
			published.Status.StoredVersions = []string{version.Name}
		}
	}
	return stored, v1.Convert_v1_CustomResourceDefinition_To_apiextensions_CustomResourceDefinition(published, stored, nil)
}

type kind struct {
	structural *schema.Structural
	shape      objects.SchemaValidator
	rules      *cel.Validator
}

func newKind(crd *apiextensions.CustomResourceDefinition) (*kind, error) {
	// The conversion moves the schema of a single version here.
	source := crd.Spec.Validation
	structural, err := schema.NewStructural(source.OpenAPIV3Schema)
	if err != nil {
		return nil, err
	}
	shape, _, err := objects.NewSchemaValidator(source.OpenAPIV3Schema)
	if err != nil {
		return nil, err
	}
	return &kind{structural, shape, cel.NewValidator(structural, true, celconfig.PerCallLimit)}, nil
}

// validate returns why the API server would reject a new object.
func (k *kind) validate(object map[string]interface{}) []cause {
	defaulting.Default(object, k.structural)
	found := objects.ValidateCustomResource(nil, object, k.shape)
	found = append(found, listtype.ValidateListSetsAndMaps(nil, k.structural, object)...)
	if !blocksRules(found) {
		broken, _ := k.rules.Validate(context.Background(), nil, k.structural, object, nil, celconfig.RuntimeCELCostBudget)
		found = append(found, broken...)
	}
	causes := []cause{}
	for _, err := range found {
		causes = append(causes, cause{err.Field, err.ErrorBody()})
	}
	return causes
}

// blocksRules reports whether the API server evaluates no rules because the object is too large or violates the schema.
func blocksRules(found field.ErrorList) bool {
	for _, err := range found {
		switch err.Type {
		case field.ErrorTypeNotSupported, field.ErrorTypeRequired, field.ErrorTypeTooLong, field.ErrorTypeTooMany, field.ErrorTypeTypeInvalid:
			return true
		}
	}
	return false
}

func messages(errors field.ErrorList) []string {
	found := []string{}
	for _, err := range errors {
		found = append(found, err.Field+": "+err.Detail)
	}
	return found
}

func must[T any](value T, err error) T {
	check(err)
	return value
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
