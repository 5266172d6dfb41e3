package cli

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/message"
	"ecs-activation/internal/ui"
)

// printList prints the codes in the format asked for.
func (s *session) printList(list found, chosen selection, regions []string) error {
	several, now := len(regions) > 1, s.now(list.answer)
	s.mentionClock(list.answer)
	views := chosen.of(list.codes, now)
	switch {
	case s.quiet, s.forPrograms():
		return s.printViews(views, several)
	case len(views) == 0 && list.partly:
		s.say("no activation codes found in the regions that could be read")
		return nil
	case len(views) == 0:
		s.say("no activation codes found in %s", placeOf(regions))
		return nil
	default:
		return s.printTable(views, now, several)
	}
}

// printViews prints the codes for programs: bare IDs, or in the format asked for.
func (s *session) printViews(views []listed, several bool) error {
	if s.quiet {
		return s.printIDs(views, several)
	}
	return ui.Many(s.IO.Out, s.output, views)
}

// placeOf words where codes were looked for.
func placeOf(regions []string) string {
	if len(regions) > 1 {
		return "these regions"
	}
	return regions[0]
}

// printIDs prints one ID a line, with its region when there are several.
func (s *session) printIDs(views []listed, several bool) error {
	var b strings.Builder
	for _, v := range views {
		id := v.ActivationId
		if several {
			id = v.ref().String()
		}
		b.WriteString(ui.Clean(id) + "\n")
	}
	_, err := s.IO.Out.Write([]byte(b.String()))
	return err
}

// envelope is one page as the service sent it.
type envelope struct {
	RequestId      string
	TotalCount     int
	PageNumber     int
	PageSize       int
	NextToken      string
	ActivationList []listed
}

// printPage prints one page, and how to go on. In lines, which hold a code each, there is no
// place for what the service told about the page.
func (s *session) printPage(page activation.Page, region string, chosen selection) error {
	if s.forPrograms() && s.output != ui.FormatJSONLines {
		return s.printOne(envelope{
			RequestId: page.RequestId, TotalCount: page.TotalCount, PageNumber: page.PageNumber, PageSize: page.PageSize,
			NextToken: page.NextToken, ActivationList: chosen.of(page.ActivationList, s.now(page.Answer)),
		})
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

// printTable prints the codes as a table; wide has every column.
func (s *session) printTable(views []listed, now time.Time, several bool) error {
	l := layout{out: s.IO.Out, wide: s.output == "wide", several: several}
	return ui.Table(l.out, l.columns(), l.rows(views, now))
}

// layout is how codes become a table.
type layout struct {
	out     *ui.Stream
	wide    bool // every column
	several bool // regions
	ticks   bool // it is drawn every second
	slim    bool // no bars
}

func (l layout) columns() []ui.Column {
	columns := []ui.Column{{Title: "ID", Yields: l.ticks}}
	if l.several || l.wide {
		columns = append(columns, ui.Column{Title: "REGION"})
	}
	columns = append(columns, ui.Column{Title: "NAME", Shrinks: true}, ui.Column{Title: "STATUS"}, ui.Column{Title: "USES"}, ui.Column{Title: "EXPIRES"})
	if l.wide {
		columns = append(columns, ui.Column{Title: "CREATED"}, ui.Column{Title: "ADDRESSES"}, ui.Column{Title: "GROUP"},
			ui.Column{Title: "TAGS", Shrinks: true}, ui.Column{Title: "DESCRIPTION", Shrinks: true})
	}
	return columns
}

// rows are the cells of a table. The bars are left out of one that would not fit with them.
func (l layout) rows(views []listed, now time.Time) [][]string {
	rows := make([][]string, len(views))
	for i, v := range views {
		rows[i] = l.row(v, now)
	}
	if l.out.Terminal && !l.slim && !ui.Fits(l.out, l.columns(), rows) {
		l.slim = true
		return l.rows(views, now)
	}
	return rows
}

func (l layout) row(v listed, now time.Time) []string {
	row := []string{ui.Clean(v.ActivationId)}
	if l.several || l.wide {
		row = append(row, v.RegionId)
	}
	row = append(row, ui.Clean(v.InstanceName), statusText(l.out, v.Status), l.uses(v.core), l.expires(now, v.ExpirationTime))
	if l.wide {
		row = append(row, moment(l.out, now, v.CreationTime), ui.Clean(v.IpAddressRange), ui.Clean(v.ResourceGroupId), tagsText(v.Tags), ui.Clean(v.Description))
	}
	return row
}

// expires words when a code expires, to the second where each is seen to pass.
func (l layout) expires(now time.Time, rfc3339 string) string {
	if t, err := time.Parse(time.RFC3339, rfc3339); l.ticks && err == nil {
		return ui.Countdown(now, t)
	}
	return moment(l.out, now, rfc3339)
}

// uses words the uses: plain in a pipe, with a bar for a person.
func (l layout) uses(c core) string {
	figures := fmt.Sprintf("%d/%d", c.RegisteredCount, c.InstanceCount)
	if !l.out.Terminal || l.slim {
		return figures
	}
	widest := len("/") + 2*len(strconv.Itoa(c.InstanceCount))
	return ui.Bar(c.RegisteredCount, c.InstanceCount, 5) + " " + fmt.Sprintf("%*s", min(widest, 9), figures)
}
