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

// A lookup that takes longer than two seconds returns nothing. A lookup never prints errors. It writes
// nothing, except that a sandbox counts its requests. Every candidate is safe to insert into a shell without
// quotes. Other text of the service appears only in descriptions, where it is cleaned.

// limit is for a lookup; the rest of the two seconds is for the shell.
const limit = 1500 * time.Millisecond

// Most is the maximum number of candidates, and of codes that are read from a region.
const Most = 200

// Source returns what exists in the region and the account that the typed part of a command line selects.
type Source interface {
	// Regions returns the regions of the command line, or nil if they are not known.
	Regions() []string
	// Codes returns the newest codes of regions and the time of the service. It returns no codes of a
	// region that cannot be read.
	Codes(ctx context.Context, regions []string) ([]activation.Activation, time.Time)
	// Creates returns the creates that can be recovered, the newest first.
	Creates() []Word
	// Profiles returns the profiles of the aliyun CLI.
	Profiles() []Word
	// Language returns the language of descriptions.
	Language() ui.Language
	// Close stops everything that the source has started.
	Close() error
}

// Word is a candidate with the parts of its description.
type Word struct {
	Text  string
	About []string
}

// Lookup opens the source for a command line. The source calls stop instead of repeating a request. stop
// ends the lookup, so that a lookup without a network ends at once.
type Lookup func(ctx context.Context, cmd *cobra.Command, stop func()) (Source, error)

// Suits reports whether a command is useful for a code at a time of the service's clock.
type Suits func(activation.Activation, time.Time) bool

// AnyCode returns true for every code.
func AnyCode(activation.Activation, time.Time) bool { return true }

// complete returns a completion function that offers what find returns.
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

// matching returns the shell-safe words that begin with the typed text. It ignores case, because some shells
// do so.
func matching(words []Word, typed string) (texts []string) {
	for _, word := range words {
		begins := len(word.Text) >= len(typed) && strings.EqualFold(word.Text[:min(len(typed), len(word.Text))], typed)
		if !begins || !isShellSafe(word.Text) {
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

// isShellSafe reports whether a shell interprets no character of a text. This is necessary because anybody
// can set a tag, and bash inserts the common prefix of several candidates without quotes.
func isShellSafe(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool {
		return !unicode.In(r, unicode.L, unicode.M, unicode.N) && !strings.ContainsRune(" -_.:/=@+,%", r)
	})
}

// IDs completes the IDs of codes for which suits returns true. The command accepts at most so many IDs (0:
// any number). If the typed text is the beginning of a region, IDs completes the region, which can precede
// an ID.
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

// regionsBegun returns the regions that begin with the typed text, each with the slash before an ID.
func regionsBegun(typed string) (names []string) {
	for _, region := range activation.Regions() {
		if typed != "" && strings.HasPrefix(region, typed) {
			names = append(names, region+"/")
		}
	}
	return names
}

// codes returns the codes of regions for which suits returns true and that are not on the command line yet.
// Each ID gets the prefix before.
func codes(ctx context.Context, s Source, regions []string, before string, args []string, suits Suits) (words []Word) {
	list, now := read(ctx, s, regions)
	for _, code := range list {
		ref, err := activation.ParseRef(before + code.ActivationId)
		if err == nil && suits(code, now) && !named(args, ref) {
			words = append(words, Word{ref.String(), about(s.Language(), code, now)})
		}
	}
	return words
}

// read returns the newest codes of regions, or none if a region ID is not valid.
func read(ctx context.Context, s Source, regions []string) ([]activation.Activation, time.Time) {
	wrong := func(region string) bool { return activation.CheckRegion(region) != nil }
	if len(regions) == 0 || slices.ContainsFunc(regions, wrong) {
		return nil, time.Time{}
	}
	return s.Codes(ctx, regions)
}

// named reports whether a code is among the IDs on the command line. Activation IDs are unique across all
// regions.
func named(args []string, ref activation.Ref) bool {
	return slices.ContainsFunc(args, func(arg string) bool {
		other, err := activation.ParseRef(arg)
		return err == nil && other.ActivationId == ref.ActivationId
	})
}

// about returns the parts of the description of a code.
func about(l ui.Language, a activation.Activation, now time.Time) []string {
	left := ""
	if expires, known := a.Expires(); known && expires.After(now) && !a.Disabled {
		left = l.Text("%s left", ui.Span(expires.Sub(now)))
	}
	return []string{string(a.Status(now)), a.InstanceName, l.Text("%s uses", view.UsesText(a)), left}
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

// profiles completes the name of a profile.
func (l Lookup) profiles() cobra.CompletionFunc {
	return l.complete(func(_ context.Context, s Source, _ []string, _ string) []Word { return s.Profiles() })
}

// ID completes a flag with the IDs of all codes.
func (l Lookup) ID() cobra.CompletionFunc {
	return l.complete(func(ctx context.Context, s Source, _ []string, _ string) []Word {
		return codes(ctx, s, s.Regions(), "", nil, AnyCode)
	})
}

// Filters completes the flags that select codes with the values of existing codes.
func (l Lookup) Filters(cmd *cobra.Command) {
	Flag(cmd, "tag", l.inUse(tags))
	Flag(cmd, "instance-name", l.inUse(func(c activation.Activation) []string { return []string{c.InstanceName} }))
	Flag(cmd, "resource-group-id", l.inUse(func(c activation.Activation) []string { return []string{c.ResourceGroupId} }))
}

// Request completes the flags that describe a new code.
func (l Lookup) Request(cmd *cobra.Command) {
	Flag(cmd, "tag", l.inUse(tags))
	Values(cmd, "ttl", "1h", "2h", "3h", "4h")
}

func tags(a activation.Activation) []string { return view.TagTexts(a.Tags) }

// inUse completes a value with the values of existing codes.
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

// Global completes the flags of every command.
func (l Lookup) Global(root *cobra.Command) {
	root.CompletionOptions.SetDefaultShellCompDirective(noFiles)
	Flag(root, "region", regions)
	Flag(root, "profile", l.profiles())
	Values(root, "output", "table", "wide", "json", "jsonl", "yaml")
	Values(root, "endpoint", "vpc")
	Values(root, "timeout", "30s", "60s", "5m")
	Values(root, "lang", "en", "zh")
	Values(root, "color", "auto", "always", "never")
}
