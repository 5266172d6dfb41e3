package cli

import (
	"ecs-activation/internal/activation"
	"ecs-activation/internal/codefile"
	"ecs-activation/internal/sandbox"
)

// Views are the types of everything that is printed as JSON, by their names in the schema.
func Views() map[string]any {
	return map[string]any{
		"created": codefile.Code{}, "saved": codefile.File{}, "ensured": ensured{}, "reference": activation.Ref{},
		"code": core{}, "listed": listed{}, "tag": activation.Tag{}, "page": envelope{}, "changed": changed{},
		"record": recordView{}, "setting": inForce{}, "failure": failure{}, "problem": jsonError{},
		"detailed": detailed{}, "codeChange": codeChange{}, "machine": activation.Machine{},
		"counts": sandbox.Status{}, "registered": sandbox.Machine{},
	}
}
