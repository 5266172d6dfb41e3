package batch

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"time"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/codefile"
	"ecs-activation/internal/disk"
)

// Flags are the values for what a row does not have.
type Flags struct {
	activation.CreateText
	Region   string
	Lenient  bool // skip the rules that the service checks as well
	Name     string
	Sandbox  bool
	Endpoint string
	Account  []string // the other flags that select the account
}

// Folder is where each code gets its own file.
type Folder struct {
	Path   string   // absolute; empty: there are no files
	Form   []string // of the files, if they are scripts; see pending.Target
	Suffix string   // of their names

	Disk   disk.FS
	Now    time.Time
	Accept func(codefile.File) error // returns an error for a file that must not be changed
}

// The rules for the files of a batch.
type (
	// NotFileName is the rule for a name that cannot be the name of a file on every system.
	NotFileName struct{}
	// SameName is the rule for a name that another row has, in any case.
	SameName struct{ Line int }
	// Taken is the rule for a file that is not changed, because it does not contain a code of the row.
	Taken struct {
		File   string
		Column string // whose value differs from that of the code in the file; empty: none
		Form   bool   // the file has another format, or other flags for the machine
		Err    error  // why the file cannot be read, or must not be changed
	}
	// Unfinished is the rule for a file for which another create is unfinished.
	Unfinished struct {
		File   string
		Column string // whose value differs from that of the other create; empty: the order of the tags
		Token  string // of the other create
	}
)

func (NotFileName) Error() string  { return "cannot be the name of a file" }
func (s SameName) Error() string   { return fmt.Sprintf("is the name of line %d as well", s.Line) }
func (t Taken) Error() string      { return t.File + " has other content" }
func (u Unfinished) Error() string { return u.File + " has an unfinished create" }

// New returns the batch of rows, with all problems of its rows. Problems with the values of flags are
// returned separately, once for all rows.
func New(texts []Text, f Flags, folder Folder) (b Batch, ofFlags activation.Problems, ofRows []Problem) {
	ofFlags = f.problems(texts)
	for _, text := range texts {
		request, problems := f.request(text)
		ofRows = append(ofRows, problems...)
		b.Rows = append(b.Rows, Row{Line: text.Line, Request: request, OwnRegion: text.Region != ""})
	}
	if folder.Path != "" {
		ofRows = append(ofRows, folder.assign(b.Rows)...)
	}
	sort.SliceStable(ofRows, func(i, j int) bool { return ofRows[i].Line < ofRows[j].Line })
	setKeys(b.Rows)
	b.Name, b.Sandbox, b.Endpoint = f.Name, f.Sandbox, f.Endpoint
	if b.Name == "" {
		b.Name = defaultName(b.Rows, f.Account)
	}
	return b, ofFlags, ofRows
}

// problems returns the problems of the flags alone. A region is needed only if a row has none.
func (f Flags) problems(texts []Text) activation.Problems {
	r, problems := f.Request()
	r.RegionId = f.Region
	problems = append(problems, r.Validate(f.Lenient)...)
	withoutRegion := slices.ContainsFunc(texts, func(t Text) bool { return t.Region == "" })
	return slices.DeleteFunc(problems, func(p activation.Problem) bool { return p.Parameter == "RegionId" && !withoutRegion })
}

// request returns the request of a row, with the problems of the values that the row itself has. The order
// of the tags does not matter, so they are sorted.
func (f Flags) request(t Text) (activation.CreateRequest, []Problem) {
	merged, given := f.merge(t)
	r, problems := merged.Request()
	r.RegionId = cmp.Or(t.Region, f.Region)
	sort.Slice(r.Tags, func(i, j int) bool {
		a, b := r.Tags[i], r.Tags[j]
		return cmp.Or(cmp.Compare(a.TagKey, b.TagKey), cmp.Compare(a.TagValue, b.TagValue)) < 0
	})
	var ours []Problem
	for _, p := range append(problems, r.Validate(f.Lenient)...) {
		if given[p.Parameter] {
			ours = append(ours, Problem{t.Line, columnName(p.Parameter), p})
		}
	}
	return r, ours
}

// merge returns the values of a row, with those of the flags where it has none, and the parameters of the
// API that the row itself has.
func (f Flags) merge(t Text) (merged activation.CreateText, given map[string]bool) {
	all, given := Text{CreateText: f.CreateText, Region: f.Region}, map[string]bool{}
	for _, c := range columns {
		switch {
		case c.value == nil:
			if given[c.parameter] = len(t.Tags) > 0; given[c.parameter] {
				all.Tags = t.Tags
			}
		case *c.value(&t) != "":
			given[c.parameter] = true
			*c.value(&all) = *c.value(&t)
		}
	}
	return all.CreateText, given
}

// assign gives each row its file and reads it. It returns the problems of names and files.
func (f Folder) assign(rows []Row) (problems []Problem) {
	lines := map[string]int{}
	for i := range rows {
		r := &rows[i]
		rule := f.assignOne(r, lines)
		if rule != nil {
			problems = append(problems, nameProblem(*r, rule))
		}
	}
	return problems
}

// nameProblem returns the problem of the name of a row, or of its file.
func nameProblem(r Row, rule error) Problem {
	return Problem{r.Line, "instance-name", activation.Problem{Parameter: "InstanceName", Value: r.Request.InstanceName, Rule: rule}}
}

// assignOne gives a row its file. lines has the lines of the names before, in lower case, because some file
// systems ignore the case. It returns the rule that the name or the file breaks.
func (f Folder) assignOne(r *Row, lines map[string]int) (rule error) {
	name := r.Request.InstanceName
	folded := strings.ToLower(name)
	switch {
	case name == "":
		return activation.NotSet{}
	case !isFileName(name):
		return NotFileName{}
	case lines[folded] > 0:
		return SameName{lines[folded]}
	}
	lines[folded] = r.Line
	r.File = filepath.Join(f.Path, name+f.Suffix)
	return f.read(r)
}

// isFileName reports whether a name can be the name of a file on Linux, macOS and Windows.
func isFileName(name string) bool {
	const safe = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"
	device, _, _ := strings.Cut(strings.ToLower(name), ".")
	reserved := slices.Contains([]string{"con", "prn", "aux", "nul"}, device) ||
		len(device) == 4 && (strings.HasPrefix(device, "com") || strings.HasPrefix(device, "lpt")) && strings.ContainsAny(device[3:], "0123456789")
	return strings.Trim(name, safe) == "" && strings.Trim(name[:1], "._-") != "" && len(name) <= 100 && !reserved
}

// read reads the file of a row, if it exists. It returns a Taken if the file does not contain a code that was
// made with the same parameters and in the same form.
func (f Folder) read(r *Row) error {
	held, err := codefile.ReadAny(f.Disk, r.File)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil && f.Accept != nil {
		err = f.Accept(held)
	}
	switch differs := held.Differs(r.Request); {
	case err != nil:
		return Taken{File: r.File, Err: err}
	case !slices.Equal(held.Form, f.Form):
		return Taken{File: r.File, Form: true}
	case differs != "":
		return Taken{File: r.File, Column: columnName(differs)}
	}
	expires, err := time.Parse(time.RFC3339, held.ExpirationTime)
	r.held, r.heldDead = held, err == nil && !f.Now.Before(expires)
	return nil
}
