package complete

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/spf13/cobra"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/ui"
	"ecs-activation/internal/view"
)

// A lookup ends within two seconds, or offers nothing. Whatever fails, it prints nothing, and it
// writes nothing, except that a sandbox counts its requests. What is offered is harmless for a shell as
// it stands; other text of the service appears in descriptions only, cleaned.

const (
	limit = 1500 * time.Millisecond // of a lookup; a shell has work of its own
	Most  = 200                     // words that are offered; so many of the newest codes of a region are read
)

// Source finds what exists, in the region and the account of a command line as far as it is typed.
type Source interface {
	// Regions returns the regions that the command line is about; none where that is not known.
	Regions() []string
	// Codes returns the newest codes of regions and the service's time. A region that cannot be read
	// has none.
	Codes(ctx context.Context, regions []string) ([]activation.Activation, time.Time)
	// Creates returns the creates that can be recovered, the newest first.
	Creates() []Word
	// Profiles returns the profiles of the aliyun CLI.
	Profiles() []Word
	// Close ends what the source has started.
	Close() error
}

// Word is a word to offer, with its description in parts.
type Word struct {
	Text  string
	About []string
}

// Lookup opens the source for a command line. stop ends the lookup: the source calls it when a request
// would have to be repeated, so that a lookup without a network is over at once.
type Lookup func(ctx context.Context, cmd *cobra.Command, stop func()) (Source, error)

// Suits reports whether a command makes sense for a code at a time of the service's clock.
type Suits func(activation.Activation, time.Time) bool

// AnyCode suits every code.
func AnyCode(activation.Activation, time.Time) bool { return true }

// complete returns a function that completes with what find returns.
func (l Lookup) complete(find func(ctx context.Context, s Source, args []string, typed string) []Word) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
		ctx, cancel := context.WithTimeout(cmd.Context(), limit)
		defer cancel()
		found := make(chan []Word, 1)
		go func() {
			s, err := l(ctx, cmd, cancel)
			if err != nil {
				found <- nil
				return
			}
			words := find(ctx, s, args, typed)
			if s.Close() != nil {
				words = nil
			}
			found <- words
		}()
		select {
		case words := <-found:
			return matching(words, typed), inOrder
		case <-ctx.Done():
			return nil, inOrder
		}
	}
}

// matching returns the harmless words that begin with what was typed, in capital or small letters,
// because some shells do not distinguish them.
func matching(words []Word, typed string) (texts []string) {
	for _, word := range words {
		begins := len(word.Text) >= len(typed) && strings.EqualFold(word.Text[:min(len(typed), len(word.Text))], typed)
		if !begins || !harmless(word.Text) {
			continue
		}
		about := slices.DeleteFunc(word.About, func(part string) bool { return part == "" })
		text := word.Text
		if len(about) > 0 {
			text = cobra.CompletionWithDesc(text, ui.Clean(strings.Join(about, ", ")))
		}
		if texts = append(texts, text); len(texts) == Most {
			break
		}
	}
	return texts
}

// harmless reports whether a shell takes every character of a text as itself. Anybody can set a tag,
// and bash puts what several words have in common on the command line without quotes.
func harmless(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool {
		return !unicode.In(r, unicode.L, unicode.M, unicode.N) && !strings.ContainsRune(" -_.:/=@+,%", r)
	})
}

// IDs completes the IDs of codes that suit a command, at most that many of them (0: any number). A
// word that begins as a region does is completed to one, for an ID with its region in front.
func (l Lookup) IDs(most int, suits Suits) cobra.CompletionFunc {
	lookup := l.complete(func(ctx context.Context, s Source, args []string, typed string) []Word {
		if region, _, qualified := strings.Cut(typed, "/"); qualified {
			return codes(ctx, s, []string{region}, region+"/", args, suits)
		}
		return codes(ctx, s, s.Regions(), "", args, suits)
	})
	return func(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
		if most > 0 && len(args) >= most || slices.Contains(args, "-") {
			return nil, noFiles
		}
		if regions := regionsBegun(typed); len(regions) > 0 {
			return regions, noFiles | cobra.ShellCompDirectiveNoSpace
		}
		return lookup(cmd, args, typed)
	}
}

// regionsBegun returns the regions that a word may become, for an ID to follow.
func regionsBegun(typed string) (names []string) {
	for _, region := range activation.Regions() {
		if typed != "" && strings.HasPrefix(region, typed) {
			names = append(names, region+"/")
		}
	}
	return names
}

// codes returns the codes of regions that suit and are not on the command line yet. before comes
// before each ID.
func codes(ctx context.Context, s Source, regions []string, before string, args []string, suits Suits) (words []Word) {
	list, now := read(ctx, s, regions)
	for _, code := range list {
		ref, err := activation.ParseRef(before + code.ActivationId)
		if err == nil && suits(code, now) && !named(args, ref) {
			words = append(words, Word{ref.String(), about(code, now)})
		}
	}
	return words
}

// read returns the newest codes of regions; none if one of them is not a region ID.
func read(ctx context.Context, s Source, regions []string) ([]activation.Activation, time.Time) {
	wrong := func(region string) bool { return activation.CheckRegion(region) != nil }
	if len(regions) == 0 || slices.ContainsFunc(regions, wrong) {
		return nil, time.Time{}
	}
	return s.Codes(ctx, regions)
}

// named reports whether a code is among the IDs on the command line. No two regions have an ID in
// common.
func named(args []string, ref activation.Ref) bool {
	return slices.ContainsFunc(args, func(arg string) bool {
		other, err := activation.ParseRef(arg)
		return err == nil && other.ActivationId == ref.ActivationId
	})
}

// about describes a code.
func about(a activation.Activation, now time.Time) []string {
	left := ""
	if expires, known := a.Expires(); known && expires.After(now) && !a.Disabled {
		left = ui.Span(expires.Sub(now)) + " left"
	}
	return []string{string(a.Status(now)), a.InstanceName, view.UsesText(a) + " uses", left}
}

// Tokens completes the token of a create that can be recovered.
func (l Lookup) Tokens() cobra.CompletionFunc {
	return l.complete(func(_ context.Context, s Source, args []string, _ string) []Word {
		if len(args) > 0 {
			return nil
		}
		return s.Creates()
	})
}

func (l Lookup) profiles() cobra.CompletionFunc {
	return l.complete(func(_ context.Context, s Source, _ []string, _ string) []Word { return s.Profiles() })
}

// ID completes a flag with the IDs of all codes.
func (l Lookup) ID() cobra.CompletionFunc {
	return l.complete(func(ctx context.Context, s Source, _ []string, _ string) []Word {
		return codes(ctx, s, s.Regions(), "", nil, AnyCode)
	})
}

// Filters completes the flags that choose codes, with what the codes have.
func (l Lookup) Filters(cmd *cobra.Command) {
	Flag(cmd, "tag", l.inUse(tags))
	Flag(cmd, "instance-name", l.inUse(func(c activation.Activation) []string { return []string{c.InstanceName} }))
	Flag(cmd, "resource-group-id", l.inUse(func(c activation.Activation) []string { return []string{c.ResourceGroupId} }))
}

// Request completes the flags that say which code is wanted.
func (l Lookup) Request(cmd *cobra.Command) {
	Flag(cmd, "tag", l.inUse(tags))
	Values(cmd, "ttl", "1h", "2h", "3h", "4h")
}

func tags(a activation.Activation) []string { return view.TagTexts(a.Tags) }

// inUse completes a value with those that the codes have.
func (l Lookup) inUse(values func(activation.Activation) []string) cobra.CompletionFunc {
	return l.complete(func(ctx context.Context, s Source, _ []string, _ string) (words []Word) {
		list, _ := read(ctx, s, s.Regions())
		seen := map[string]bool{}
		for _, code := range list {
			for _, value := range values(code) {
				if !seen[value] {
					seen[value] = true
					words = append(words, Word{Text: value})
				}
			}
		}
		return words
	})
}

// Global completes the flags that every command has.
func (l Lookup) Global(root *cobra.Command) {
	root.CompletionOptions.SetDefaultShellCompDirective(noFiles)
	Flag(root, "region", regions)
	Flag(root, "profile", l.profiles())
	Values(root, "output", "table", "wide", "json", "jsonl", "yaml")
	Values(root, "endpoint", "vpc")
	Values(root, "timeout", "30s", "60s", "5m")
	Values(root, "color", "auto", "always", "never")
}
