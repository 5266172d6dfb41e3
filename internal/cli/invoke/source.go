package invoke

import (
	"context"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/cli/complete"
	"ecs-activation/internal/cmdline"
	"ecs-activation/internal/fleet"
	"ecs-activation/internal/ui"
)

// source is the complete.Source of a command line that is being typed. It uses the settings of that command
// line.
type source struct {
	*Invocation
	stop func()
}

// Lookup opens the source for a command line.
func (p *Program) Lookup() complete.Lookup {
	return func(ctx context.Context, cmd *cobra.Command, stop func()) (complete.Source, error) {
		s, err := p.open(cmd, cmdline.Verb(cmd))
		if err != nil {
			return nil, err
		}
		s.Context, s.Notes = ctx, func(string) {}
		return &source{s, stop}, nil
	}
}

// Regions implements complete.Source.
func (s *source) Regions() []string {
	if all := s.Cmd.Flag("all-regions"); all != nil {
		regions, _ := RegionsOf(s.Invocation, AllRegions(s.Invocation, all.Value.String() == "true"))
		return regions
	}
	region, err := OneRegion(s.Invocation)
	if err != nil {
		return nil
	}
	return []string{region}
}

// Codes implements complete.Source. It does not create the sandbox if it does not exist.
func (s *source) Codes(ctx context.Context, regions []string) ([]activation.Activation, time.Time) {
	path, err := SandboxPath(s.Process)
	if err == nil {
		_, err = os.Stat(path)
	}
	if err != nil && s.Sandbox() {
		return nil, time.Time{}
	}
	conn, err := connectWith(s.Invocation, s.stop)
	if err != nil {
		return nil, time.Time{}
	}
	list := conn.Reader.List(ctx, fleet.Query{Regions: regions, Enough: complete.Most, Unserved: true}, nil)
	return list.Codes, s.TimeOf(list.Answer)
}

// Creates implements complete.Source.
func (s *source) Creates() (words []complete.Word) {
	store, err := RecordStore(s.Process)
	if err != nil {
		return nil
	}
	for _, r := range slices.Backward(store.Peek()) {
		words = append(words, complete.Word{Text: r.Request.ClientToken, About: []string{
			string(r.State), r.Request.InstanceName, r.Request.RegionId, s.Program.Language.Text("started %s", s.Program.Language.Relative(s.Now(), r.StartedAt))}})
	}
	return words
}

// Profiles implements complete.Source.
func (s *source) Profiles() (words []complete.Word) {
	profiles, err := search(s.Invocation).Profiles()
	if err != nil {
		return nil
	}
	for _, p := range profiles {
		words = append(words, complete.Word{Text: p.Name, About: []string{p.RegionId}})
	}
	return words
}

// Language implements complete.Source.
func (s *source) Language() ui.Language { return s.Program.Language }

// Close implements complete.Source.
func (s *source) Close() error { return s.Invocation.Close(nil) }
