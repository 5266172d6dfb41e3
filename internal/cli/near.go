package cli

import (
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/cmdline"
	"ecs-activation/internal/config"
)

// Near misses: what was probably meant by a word that is none of ours.

// nearCommand returns the command that was meant, "" when none is near. What other tools, and the
// API, call a command stands in its SuggestFor; the beginning of a name will do as well.
func nearCommand(cmd *cobra.Command, asked string) string {
	var names []string
	for _, c := range cmd.Commands() {
		if slices.Contains(c.SuggestFor, asked) {
			return c.Name()
		}
		names = append(names, c.Name())
	}
	if i := slices.IndexFunc(names, func(name string) bool { return len(asked) > 2 && strings.HasPrefix(name, asked) }); i >= 0 {
		return names[i]
	}
	return activation.Nearest(asked, asked, names)
}

// nearFlag returns the flag that was meant, "" when none is near: one of whose words is what was
// asked (name, instance-name), or one that is written nearly so.
func nearFlag(cmd *cobra.Command, asked string) string {
	asked = string(cmdline.Normalize(nil, asked))
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	for _, name := range names {
		if strings.Contains("-"+name+"-", "-"+asked+"-") {
			return name
		}
	}
	return activation.Nearest(asked, asked, names)
}

// nearWord suggests what was meant by a wrong word in the settings, "" when nothing is near.
func nearWord(err error) string {
	var wrong *config.InvalidChoice
	if !errors.As(err, &wrong) {
		return ""
	}
	if near := activation.Nearest(strings.ToLower(wrong.Value), wrong.Value, wrong.Choices); near != "" {
		return "did you mean " + near + "?"
	}
	return ""
}

// nearRegion puts the region that was probably meant before another hint.
func nearRegion(e *activation.Error, hint string) string {
	lost := e.Code == "InvalidRegionId.NotFound" || e.Code == "RegionId.ApiNotSupported" || e.Code == "" && e.Kind == activation.KindUnavailable
	if !lost {
		return hint
	}
	if near := activation.NearRegion(e.ID.RegionId); near != "" {
		return "did you mean the region " + near + "? " + hint
	}
	return hint
}
