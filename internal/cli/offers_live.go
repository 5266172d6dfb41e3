package cli

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/spf13/cobra"

	"ecs-activation/internal/ecs"
	"ecs-activation/internal/ui"
)

// A word is completed with what exists: codes, creates to recover, profiles. It promises an
// answer within two seconds or none, and whatever is wrong, to say nothing and to write nothing,
// but that a sandbox counts what it is asked. What it offers is harmless as it stands; other text
// of the service shows up cleaned, in descriptions.

const (
	attention = 1500 * time.Millisecond // for everything that is looked up; a shell has its own work besides
	mostWords = 200                     // are offered; so many codes are read of a region, the newest ones
)

// discover completes a word with what is found in a session of the command as far as it is
// typed: in its region, with its profile. The first request that would have to be repeated ends
// it, and so it is over at once where there is no network.
func (a *App) discover(find func(s *session, args []string, typed string) []string) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
		const these = cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
		s, err := a.open(cmd, verb(cmd))
		if err != nil {
			return nil, these
		}
		ctx, cancel := context.WithTimeout(cmd.Context(), attention)
		defer cancel()
		s.ctx, s.heard, s.onRetry = ctx, func(string) {}, func(ecs.Attempt) { cancel() }
		found := make(chan []string, 1)
		go func() {
			words := find(s, args, typed)
			if s.close(nil) != nil {
				words = nil
			}
			found <- words
		}()
		select {
		case words := <-found:
			return begun(words, typed), these
		case <-ctx.Done():
			return nil, these
		}
	}
}

// begun are the words that begin with what was typed, in capital or small letters, as some shells
// do not tell them apart. They are bounded.
func begun(words []string, typed string) []string {
	words = slices.DeleteFunc(words, func(word string) bool {
		return len(word) < len(typed) || !strings.EqualFold(word[:len(typed)], typed)
	})
	return words[:min(len(words), mostWords)]
}

// harmless says whether no shell takes anything in a text for more than itself. A tag can be
// anybody's, and bash puts what several words have in common on the line without quotes.
func harmless(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool {
		return !unicode.In(r, unicode.L, unicode.M, unicode.N) && !strings.ContainsRune(" -_.:/=@+,%", r)
	})
}

// word is a word with its description, cleaned; none where the word could do harm.
func word(text string, about ...string) []string {
	if !harmless(text) {
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
