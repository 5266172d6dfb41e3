package cli

import (
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/fleet"
	"ecs-activation/internal/ui"
	"ecs-activation/internal/view"
)

// Where a code is meant, the codes are offered for which the command makes sense, with what tells
// them apart; where codes are chosen, what they have.

// suits says whether a command makes sense for a code.
type suits func(activation.Activation, time.Time) bool

func anyCode(activation.Activation, time.Time) bool { return true }

// codeIDs completes the IDs of codes that suit a command, at most that many of them (0: any
// number). What begins as a region does is completed to one, for an ID with its region in front.
func (a *App) codeIDs(most int, suit suits) cobra.CompletionFunc {
	ask := a.discover(func(s *session, args []string, typed string) []string {
		if region, _, qualified := strings.Cut(typed, "/"); qualified {
			return s.codesIn([]string{region}, region+"/", args, suit)
		}
		return s.codesIn(s.lineRegions(), "", args, suit)
	})
	return func(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
		if most > 0 && len(args) >= most || slices.Contains(args, "-") {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		if regions := regionsBegun(typed); len(regions) > 0 {
			return regions, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
		}
		return ask(cmd, args, typed)
	}
}

// regionsBegun are the regions that a word may become, for an ID to follow.
func regionsBegun(typed string) (names []string) {
	for _, region := range activation.Regions() {
		if typed != "" && strings.HasPrefix(region, typed) {
			names = append(names, region+"/")
		}
	}
	return names
}

// listedIDs completes the ID of a code that a list is about.
func listedIDs(s *session, _ []string, _ string) []string {
	return s.codesIn(s.lineRegions(), "", nil, anyCode)
}

// codesIn are the codes of regions that suit and that are not on the line yet, as words with
// their description; before stands before each ID.
func (s *session) codesIn(regions []string, before string, args []string, suit suits) (words []string) {
	sum := s.newest(regions)
	now := s.now(sum.Answer)
	for _, code := range sum.Codes {
		ref, err := activation.ParseRef(before + code.ActivationId)
		if err == nil && suit(code, now) && !named(args, ref) {
			words = append(words, word(ref.String(), about(code, now)...)...)
		}
	}
	return words
}

// lineRegions are the regions that the line is about, none where that cannot be said.
func (s *session) lineRegions() []string {
	if all := s.cmd.Flag("all-regions"); all != nil {
		regions, _ := s.regions(all.Value.String() == "true")
		return regions
	}
	region, err := s.region()
	if err != nil {
		return nil
	}
	return []string{region}
}

// newest reads the newest codes of regions. A region that cannot be read has none.
func (s *session) newest(regions []string) (sum fleet.Listing) {
	unfit := func(region string) bool { return activation.CheckRegion(region) != nil }
	if len(regions) > 0 && !slices.ContainsFunc(regions, unfit) && s.mayHaveCodes() && s.connect() == nil {
		sum = s.reader.List(s.ctx, fleet.Query{Regions: regions, Enough: mostWords, Unserved: true}, nil)
	}
	return sum
}

// mayHaveCodes says whether there can be any: a sandbox is made by its first use, and looking for
// something to offer is none.
func (s *session) mayHaveCodes() bool {
	path, err := s.sandboxPath()
	if err == nil {
		_, err = os.Stat(path)
	}
	return err == nil || !s.sandbox()
}

// inUse completes a value with those that the codes have.
func (a *App) inUse(of func(activation.Activation) []string) cobra.CompletionFunc {
	return a.discover(func(s *session, _ []string, _ string) (words []string) {
		for _, code := range s.newest(s.lineRegions()).Codes {
			for _, value := range of(code) {
				if harmless(value) && !slices.Contains(words, value) {
					words = append(words, value)
				}
			}
		}
		return words
	})
}

func tagsOf(a activation.Activation) []string { return view.TagTexts(a.Tags) }

// offerFilters offers what the codes have for the flags that choose among them.
func (a *App) offerFilters(cmd *cobra.Command) {
	offerBy(cmd, "tag", a.inUse(tagsOf))
	offerBy(cmd, "instance-name", a.inUse(func(c activation.Activation) []string { return []string{c.InstanceName} }))
	offerBy(cmd, "resource-group-id", a.inUse(func(c activation.Activation) []string { return []string{c.ResourceGroupId} }))
}

// offerRequest offers values for the flags that say what code is wanted.
func (a *App) offerRequest(cmd *cobra.Command) {
	offerBy(cmd, "tag", a.inUse(tagsOf))
	offer(cmd, "ttl", "1h", "2h", "3h", "4h")
}

// named says whether a code is among the IDs on the line. No two regions have an ID in common.
func named(args []string, ref activation.Ref) bool {
	return slices.ContainsFunc(args, func(arg string) bool {
		other, err := activation.ParseRef(arg)
		return err == nil && other.ActivationId == ref.ActivationId
	})
}

// about is a code in a few words.
func about(a activation.Activation, now time.Time) []string {
	left := ""
	if expires, known := a.Expires(); known && expires.After(now) && !a.Disabled {
		left = ui.Span(expires.Sub(now)) + " left"
	}
	return []string{string(a.Status(now)), a.InstanceName, view.UsesText(a) + " uses", left}
}
