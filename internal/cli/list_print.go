package cli

import (
	"ecs-activation/internal/activation"
	"ecs-activation/internal/message"
	"ecs-activation/internal/view"
)

// printList prints the codes in the format asked for.
func (s *session) printList(list found, chosen selection, regions []string) error {
	now := s.now(list.answer)
	s.mentionClock(list.answer)
	codes := chosen.of(list.codes, now)
	if len(codes) == 0 && s.printer.ForPeople() {
		s.mentionNone(list, regions)
	}
	return s.printer.Codes(codes, now, len(regions) > 1)
}

// mentionNone tells that no codes were found.
func (s *session) mentionNone(list found, regions []string) {
	if list.partly {
		s.say("no activation codes found in the regions that could be read")
		return
	}
	s.say("no activation codes found in %s", placeOf(regions))
}

// placeOf words where codes were looked for.
func placeOf(regions []string) string {
	if len(regions) > 1 {
		return "these regions"
	}
	return regions[0]
}

// printPage prints one page, and how to go on. In lines, which hold a code each, there is no
// place for what the service told about the page.
func (s *session) printPage(page activation.Page, region string, chosen selection) error {
	if s.printer.Document() {
		return s.printer.Value(view.NewPage(page, chosen.of(page.ActivationList, s.now(page.Answer))))
	}
	if err := s.printList(found{codes: page.ActivationList, answer: page.Answer}, chosen, []string{region}); err != nil {
		return err
	}
	if page.NextToken != "" {
		s.say("more with: --next-token %s", message.ShellWord(page.NextToken))
	} else if page.TotalCount > 0 {
		s.say("page %d of %d codes, %d a page", page.PageNumber, page.TotalCount, page.PageSize)
	}
	return nil
}
