package batch

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/disk"
)

// Problem is a rule that a row breaks.
type Problem struct {
	Line   int    // in the list, from 1
	Column string // empty: the problem is about the whole line
	activation.Problem
}

// Text is a row as it is written in the list. A value that is empty was not given.
type Text struct {
	activation.CreateText
	Line   int
	Region string
}

// column is a column of the list: the name of a flag, and the parameter of the API that it sets.
type column struct {
	name, parameter string
	value           func(*Text) *string // nil: the tags
}

// columns are the columns that a list can have.
var columns = [...]column{
	{"region", "RegionId", func(t *Text) *string { return &t.Region }},
	{"instance-name", "InstanceName", func(t *Text) *string { return &t.InstanceName }},
	{"description", "Description", func(t *Text) *string { return &t.Description }},
	{"instance-count", "InstanceCount", func(t *Text) *string { return &t.InstanceCount }},
	{"ttl", "TimeToLiveInHours", func(t *Text) *string { return &t.TimeToLive }},
	{"ip-address-range", "IpAddressRange", func(t *Text) *string { return &t.IpAddressRange }},
	{"tag", "Tag", nil},
	{"resource-group-id", "ResourceGroupId", func(t *Text) *string { return &t.ResourceGroupId }},
}

// Columns returns the names of all columns.
func Columns() []string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.name
	}
	return names
}

// columnOf returns the column with a name: that of the flag or of the API, in any case, with any hyphens.
func columnOf(name string) (column, bool) {
	name = plain(name)
	for _, c := range columns {
		if name == plain(c.name) || name == plain(c.parameter) || c.value == nil && name == "tags" {
			return c, true
		}
	}
	return column{}, false
}

// plain returns a name in lower case, without hyphens, underscores and spaces.
func plain(name string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("-_ ", r) {
			return -1
		}
		return unicode.ToLower(r)
	}, name)
}

// columnName returns the name of the column that sets a parameter of the API.
func columnName(parameter string) string {
	for _, c := range columns {
		if c.parameter == parameter {
			return c.name
		}
	}
	return parameter
}

// The rules for a list.
type (
	// UnknownColumn is the rule for a column that does not exist.
	UnknownColumn struct{}
	// NoName is the rule for a column without a name, such as the last one of "ttl,".
	NoName struct{}
	// SameColumn is the rule for a column that is given twice.
	SameColumn struct{}
	// WrongCells is the rule for a line of CSV with more or fewer cells than the header.
	WrongCells struct{ Got, Want int }
	// EmptyRow is the rule for a line of CSV whose cells are all empty.
	EmptyRow struct{}
	// NotCSV is the rule for a line that is not CSV.
	NotCSV struct{ Err error }
	// NotJSON is the rule for a line that is not a JSON object.
	NotJSON struct{ Err error }
	// WrongType is the rule for a JSON value of another type.
	WrongType struct{ Tag bool }
	// KeyWithEquals is the rule for the key of a tag in JSON: as the text key=value it would end at its first "=".
	KeyWithEquals struct{}
	// NoRows is the rule for a list without rows.
	NoRows struct{}
)

func (UnknownColumn) Error() string { return "there is no such column" }
func (NoName) Error() string        { return "has a column without a name" }
func (SameColumn) Error() string    { return "is given twice" }
func (w WrongCells) Error() string  { return fmt.Sprintf("has %d cells instead of %d", w.Got, w.Want) }
func (EmptyRow) Error() string      { return "has only empty cells" }
func (n NotCSV) Error() string      { return "is not CSV: " + n.Err.Error() }
func (n NotJSON) Error() string     { return "is not a JSON object: " + n.Err.Error() }
func (WrongType) Error() string     { return "must be a string or a number" }
func (KeyWithEquals) Error() string { return `has a tag key with "="` }
func (NoRows) Error() string        { return "has no rows" }

// largest is the size limit of a list in bytes.
const largest = 16 << 20

// errTooLarge is the error of a list of more than that.
var errTooLarge = activation.Textf("it is larger than %d bytes", largest)

// Read reads a list: JSON Lines if its first character is "{", otherwise CSV with a header.
func Read(in io.Reader) ([]Text, []Problem, error) {
	content, err := io.ReadAll(io.LimitReader(in, largest+1))
	if err != nil {
		return nil, nil, err
	}
	if len(content) > largest {
		return nil, nil, errTooLarge
	}
	rows, problems := parse(content)
	if len(rows) == 0 && len(problems) == 0 {
		problems = []Problem{problemOf(1, "", "", NoRows{})}
	}
	return rows, problems, nil
}

// parse parses a list. A byte order mark, as spreadsheets write it, is ignored. With that of UTF-16, the list is read
// as such.
func parse(content []byte) ([]Text, []Problem) {
	content = disk.UTF8(content)
	if first := bytes.TrimSpace(content); len(first) > 0 && (first[0] == '{' || first[0] == '[') {
		return parseJSON(content)
	}
	return parseCSV(content)
}

func problemOf(line int, column, value string, rule error) Problem {
	return Problem{line, column, activation.Problem{Value: value, Rule: rule}}
}

// parseCSV parses CSV with a header.
func parseCSV(content []byte) (rows []Text, problems []Problem) {
	reader := csv.NewReader(bytes.NewReader(content))
	reader.FieldsPerRecord = -1
	header, err := reader.Read()
	if errors.Is(err, io.EOF) {
		return nil, nil
	}
	if err != nil {
		return nil, []Problem{wrongCSV(err)}
	}
	line, _ := reader.FieldPos(0)
	names, problems := parseHeader(header, line)
	if len(problems) > 0 {
		return nil, problems
	}
	for {
		cells, err := reader.Read()
		switch {
		case errors.Is(err, io.EOF):
			return rows, problems
		case err != nil:
			problems = append(problems, wrongCSV(err))
			continue
		}
		line, _ := reader.FieldPos(0)
		switch row, given := parseCells(names, cells); {
		case len(cells) != len(names):
			problems = append(problems, problemOf(line, "", "", WrongCells{len(cells), len(names)}))
		case !given:
			problems = append(problems, problemOf(line, "", "", EmptyRow{}))
		default:
			row.Line = line
			rows = append(rows, row)
		}
	}
}

// wrongCSV returns the problem of an error of package csv.
func wrongCSV(err error) Problem {
	var wrong *csv.ParseError
	if errors.As(err, &wrong) {
		return problemOf(wrong.StartLine, "", "", NotCSV{wrong.Err})
	}
	return problemOf(1, "", "", NotCSV{err})
}

// parseHeader returns the columns of a header.
func parseHeader(header []string, line int) (names []column, problems []Problem) {
	seen := map[string]bool{}
	for _, name := range header {
		name = strings.TrimSpace(name)
		c, known := columnOf(name)
		switch {
		case name == "":
			problems = append(problems, problemOf(line, "", "", NoName{}))
		case !known:
			problems = append(problems, problemOf(line, name, "", UnknownColumn{}))
		case seen[c.name] && c.value != nil:
			problems = append(problems, problemOf(line, name, "", SameColumn{}))
		}
		seen[c.name] = true
		names = append(names, c)
	}
	return names, problems
}

// parseCells returns the row of the cells of a line, and whether any is not empty. Spaces around a value are
// ignored. A cell can have several tags, with ";" between them.
func parseCells(names []column, cells []string) (row Text, given bool) {
	for i, cell := range cells[:min(len(cells), len(names))] {
		cell = strings.TrimSpace(cell)
		given = given || cell != ""
		switch c := names[i]; {
		case cell == "":
		case c.value != nil:
			*c.value(&row) = cell
		default:
			for tag := range strings.SplitSeq(cell, ";") {
				row.Tags = append(row.Tags, strings.TrimSpace(tag))
			}
		}
	}
	return row, given
}

// parseJSON parses JSON Lines: one object a line.
func parseJSON(content []byte) (rows []Text, problems []Problem) {
	line := 0
	for text := range bytes.Lines(content) {
		line++
		if text = bytes.TrimSpace(text); len(text) == 0 {
			continue
		}
		row, wrong := parseObject(text, line)
		problems = append(problems, wrong...)
		if len(wrong) == 0 {
			rows = append(rows, row)
		}
	}
	return rows, problems
}

// parseObject parses one line of JSON Lines.
func parseObject(text []byte, line int) (row Text, problems []Problem) {
	row.Line = line
	decoder := json.NewDecoder(bytes.NewReader(text))
	wrong := func(err error) (Text, []Problem) {
		return row, append(problems, problemOf(line, "", "", NotJSON{err}))
	}
	if start, err := decoder.Token(); err != nil || start != json.Delim('{') {
		return wrong(cause(err, "it does not start with {"))
	}
	seen := map[string]bool{}
	for decoder.More() {
		key, err := decoder.Token()
		if err != nil {
			return wrong(cause(err, ""))
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return wrong(cause(err, ""))
		}
		name := fmt.Sprint(key)
		c, known := columnOf(name)
		switch {
		case !known:
			problems = append(problems, problemOf(line, name, "", UnknownColumn{}))
		case seen[c.name]:
			problems = append(problems, problemOf(line, name, "", SameColumn{}))
		default:
			problems = append(problems, row.set(c, value)...)
		}
		seen[c.name] = true
	}
	if _, err := decoder.Token(); err != nil {
		return wrong(cause(err, ""))
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return wrong(errors.New("there is more text after it"))
	}
	return row, problems
}

// cause returns the reason of an error of package json as a short text.
func cause(err error, otherwise string) error {
	switch {
	case err == nil:
		return errors.New(otherwise)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("it is not complete")
	}
	return err
}

// set sets a column to a JSON value. null is as if it was not given.
func (t *Text) set(c column, value json.RawMessage) []Problem {
	if string(value) == "null" {
		return nil
	}
	if c.value == nil {
		tags, wrong := tagsOf(value)
		if wrong != nil {
			return []Problem{problemOf(t.Line, c.name, string(value), wrong)}
		}
		t.Tags = tags
		return nil
	}
	text, ok := scalar(value)
	switch {
	case !ok:
		return []Problem{problemOf(t.Line, c.name, string(value), WrongType{})}
	case text == "":
		return []Problem{problemOf(t.Line, c.name, "", activation.Empty{})}
	}
	*c.value(t) = text
	return nil
}

// scalar returns the text of a JSON string or number.
func scalar(value json.RawMessage) (string, bool) {
	var text string
	if json.Unmarshal(value, &text) == nil {
		return text, true
	}
	var number json.Number
	if json.Unmarshal(value, &number) == nil {
		return number.String(), true
	}
	return "", false
}

// tagsOf returns tags as key=value: from one string, an array of strings or of objects with TagKey and
// TagValue, or an object. The error is the rule that the value breaks.
func tagsOf(value json.RawMessage) (tags []string, wrong error) {
	add := func(key, value string) {
		if strings.Contains(key, "=") {
			wrong = KeyWithEquals{}
		}
		tags = append(tags, key+"="+value)
	}
	var one string
	if json.Unmarshal(value, &one) == nil {
		return []string{one}, nil
	}
	var object map[string]string
	if json.Unmarshal(value, &object) == nil {
		for _, key := range slices.Sorted(maps.Keys(object)) {
			add(key, object[key])
		}
		return tags, wrong
	}
	var list []json.RawMessage
	if json.Unmarshal(value, &list) != nil {
		return nil, WrongType{Tag: true}
	}
	for _, element := range list {
		var tag struct{ TagKey, TagValue string }
		text := ""
		switch {
		case json.Unmarshal(element, &text) == nil:
			tags = append(tags, text)
		case json.Unmarshal(element, &tag) == nil && tag.TagKey != "":
			add(tag.TagKey, tag.TagValue)
		default:
			return nil, WrongType{Tag: true}
		}
	}
	return tags, wrong
}
