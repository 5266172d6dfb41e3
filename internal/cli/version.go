package cli

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"ecs-activation/internal/cli/invoke"
	"ecs-activation/internal/cmdline"
	"ecs-activation/internal/view"
)

// unset is the version of a program whose linker was given none, as with a plain "go build".
const unset = "dev"

// newVersionCmd returns the command that prints the version, as --version does.
func newVersionCmd(p *invoke.Program) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  cmdline.Exactly(0, "no arguments"),

		Annotations: cmdline.Does("print the version"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			printer, err := invoke.PlainPrinter(p, cmd)
			if err != nil {
				return err
			}
			if printer.ForPrograms() {
				return printer.Value(buildOf(p.Version))
			}
			return printer.Line(program + " version " + versionText(p.Version))
		},
	}
}

// versionText returns the version, with the revision if the linker was given none.
func versionText(version string) string {
	if version != unset {
		return version
	}
	return view.VersionText(buildOf(version))
}

// buildOf returns what Go has put into the binary.
func buildOf(version string) view.Version {
	v := view.Version{Version: version, Go: runtime.Version(), Platform: fmt.Sprintf("%s/%s", runtime.GOOS, runtime.GOARCH)}
	info, known := debug.ReadBuildInfo()
	if !known {
		return v
	}
	for _, setting := range info.Settings {
		switch setting.Key {
		case "vcs.revision":
			v.Revision = setting.Value
		case "vcs.time":
			v.Date = setting.Value
		case "vcs.modified":
			v.Modified = setting.Value == "true"
		}
	}
	return v
}
