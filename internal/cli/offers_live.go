package cli

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/ecs"
	"ecs-activation/internal/ui"
)

// A word is completed with what exists: codes, creates to recover, profiles. It promises an
// answer within two seconds or none, and whatever is wrong, to say nothing and to write nothing.
// What it offers can be typed; text of the service shows up cleaned, in descriptions.

const (
	attention = 1500 * time.Millisecond // for everything that is looked up; a shell has its own work besides
	mostCodes = 200                     // are read of a region, the newest ones, and offered
)

// discover completes a word with what is found in a session of the command as far as it is
// typed: in its region, with its profile. The first request that would have to be repeated ends
// it, and so it is over at once where there is no network.
func (a *App) discover(find func(s *session, args []string, typed string) []string) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
		const exactly = cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
		s, err := a.open(cmd, verb(cmd))
		if err != nil {
			return nil, exactly
		}
		ctx, cancel := context.WithTimeout(cmd.Context(), attention)
		defer cancel()
		s.ctx, s.heard, s.repeats, s.onRetry = ctx, func(string) {}, true, func(ecs.Attempt) { cancel() }
		found := make(chan []string, 1)
		go func() {
			values := find(s, args, typed)
			if s.close(nil) == nil {
				found <- values
			}
		}()
		select {
		case values := <-found:
			return values, exactly
		case <-ctx.Done():
			return nil, exactly
		}
	}
}

// suits says whether a command makes sense for a code.
type suits func(activation.Activation, time.Time) bool

func anyCode(activation.Activation, time.Time) bool { return true }

// codeIDs completes the IDs of codes that suit a command, at most that many of them (0: any
// number). What begins as a region does is completed to one, for an ID with its region in front.
func (a *App) codeIDs(most int, suit suits) cobra.CompletionFunc {
	ask := a.discover(func(s *session, args []string, typed string) []string {
		region, _, qualified := strings.Cut(typed, "/")
		if qualified {
			return s.codesIn([]string{region}, region+"/", args, suit)
		}
		region, err := s.region()
		if err != nil {
			return nil
		}
		return s.codesIn([]string{region}, "", args, suit)
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

// listedIDs completes the ID of a code in any of the regions that a list is about.
func listedIDs(s *session, _ []string, _ string) []string {
	regions, err := s.regions(s.cmd.Flag("all-regions").Value.String() == "true")
	if err != nil {
		return nil
	}
	return s.codesIn(regions, "", nil, anyCode)
}

// codesIn are the codes of regions that suit and that are not on the line yet, as words with
// their description; before stands before each ID. A region that cannot be read has none.
func (s *session) codesIn(regions []string, before string, args []string, suit suits) (words []string) {
	for _, region := range regions {
		if activation.CheckRegion(region) != nil {
			return nil
		}
	}
	if s.connect() != nil {
		return nil
	}
	sum, _ := s.readRegions(s.ctx, regions, activation.ListRequest{RegionId: regions[0]}, mostCodes, true)
	now := s.now(sum.answer)
	for _, code := range sum.codes {
		ref, err := activation.ParseRef(before + code.ActivationId)
		if err == nil && suit(code, now) && !named(args, ref) && len(words) < mostCodes {
			words = append(words, word(ref.String(), about(code, now)...)...)
		}
	}
	return words
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
	return []string{string(a.Status(now)), a.InstanceName, uses(a) + " uses", left}
}

// word is a word with its description, cleaned. One that could not be typed is left out.
func word(text string, about ...string) []string {
	if text == "" || ui.Clean(text) != text {
		return nil
	}
	about = slices.DeleteFunc(about, func(part string) bool { return part == "" })
	return []string{cobra.CompletionWithDesc(text, ui.Clean(strings.Join(about, ", ")))}
}

// tokens completes the token of a create that can be recovered, the newest first.
func tokens(s *session, args []string, _ string) (words []string) {
	store, err := s.records()
	if err != nil || len(args) > 0 {
		return nil
	}
	now := s.Now()
	for _, r := range slices.Backward(store.Peek()) {
		began := "begun " + ui.Relative(now, r.StartedAt)
		words = append(words, word(r.Request.ClientToken, string(r.State), r.Request.InstanceName, r.Request.RegionId, began)...)
	}
	return words
}

// profileNames completes the name of a profile of the aliyun CLI.
func profileNames(s *session, _ []string, _ string) (words []string) {
	profiles, err := s.search().Profiles()
	if err != nil {
		return nil
	}
	for _, p := range profiles {
		words = append(words, word(p.Name, p.RegionId)...)
	}
	return words
}
