package activation

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

func TestReadRefs(t *testing.T) {
	a, b := Ref{ActivationId: "A"}, Ref{"cn-beijing", "B"}
	for _, test := range []struct {
		name, input string
		want        []Ref
	}{
		{"nothing", "", nil},
		{"spaces", " \r\n\t\n", nil},
		{"many spaces", strings.Repeat("\n", 10000), nil},
		{"lines", "A\ncn-beijing/B\n", []Ref{a, b}},
		{"a line", "A cn-beijing/B", []Ref{a, b}},
		{"CRLF and blank lines", "\r\n\r\nA\r\n\r\n  cn-beijing/B\r\n\r\n", []Ref{a, b}},
		{"lines after a byte order mark", "\ufeffA\r\ncn-beijing/B\r\n", []Ref{a, b}},
		{"JSON after a byte order mark", "\ufeff[\"A\"]", []Ref{a}},
		{"the same twice", "A\nA\n", []Ref{a, a}},
		{"an empty array", "[]", nil},
		{"an array of objects", `[{"ActivationId":"A"},{"ActivationId":"B","RegionId":"cn-beijing"}]`, []Ref{a, b}},
		{"an array of IDs", `["A","cn-beijing/B"]`, []Ref{a, b}},
		{"JSON lines", "{\"ActivationId\":\"A\"}\r\n\r\n{\"RegionId\":\"cn-beijing\",\"ActivationId\":\"B\"}\r\n", []Ref{a, b}},
		{"an indented object", " {\n  \"ActivationId\": \"A\"\n}\n", []Ref{a}},
		{"several arrays", `[{"ActivationId":"A"}] []["cn-beijing/B"]`, []Ref{a, b}},
		{"other keys", `{"Tags":[{"ActivationId":"X"}],"Activation":{"ActivationId":"X"},"activationid":"X","ActivationId":"A","Error":null}`, []Ref{a}},
		{"null regions", `[{"ActivationId":"A","RegionId":null},{"ActivationId":"A","RegionId":""}]`, []Ref{a, a}},
		{"a page", `{"TotalCount":2,"ActivationList":[{"ActivationId":"A"},{"ActivationId":"B","RegionId":"cn-beijing"}],"NextToken":""}`, []Ref{a, b}},
		{"empty pages", `{"ActivationList":[]}{"ActivationList":null}`, nil},
	} {
		got, err := ReadRefs(iotest.OneByteReader(strings.NewReader(test.input)), func() {})
		if err != nil || !slices.Equal(got, test.want) {
			t.Errorf("%s: %v, %v", test.name, got, err)
		}
	}
}

func TestReadRefsReportsWhereATargetIsInvalid(t *testing.T) {
	for input, want := range map[string]string{
		"A\n\nb_c d_e\nf_g\n":                 `line 3: "b_c" is not a valid activation ID` + "\n" + `line 4: "f_g" is not a valid activation ID`,
		"CN/A\n":                              `line 1: "CN" is not a valid region ID`,
		"ACTIVATION_CODE='secret'\n":          `line 1: "ACTIVATION_CODE" is not a valid activation ID`,
		"ActivationCode: s/e+c=ret\n":         `line 1: "ActivationCode:" is not a valid activation ID`,
		"A\n" + strings.Repeat("a ", 1<<16):   "line 2: it is too long for IDs",
		strings.Repeat("?\n", 12):             strings.TrimSuffix(strings.Join(invalidLines(10), "\n"), "\n") + "\nand 2 more",
		`["A","?"]`:                           `element 2: "?" is not a valid activation ID`,
		`[{"ActivationId":"A"},{"Id":"B"}]`:   "element 2: it has no ActivationId",
		`[{"ActivationId":""}]`:               `element 1: "" is not a valid activation ID`,
		`[{"ActivationId":null}]`:             "element 1: it has no ActivationId",
		`[{"ActivationId":1}]`:                "element 1: its ActivationId or RegionId is not a text",
		`[{"ActivationId":"A","RegionId":1}]`: "element 1: its ActivationId or RegionId is not a text",
		`[{"ActivationId":"cn-beijing/A"}]`:   `element 1: "cn-beijing/A" is not a valid activation ID`,
		`{"ActivationId":"A","RegionId":"?"}`: `element 1: "?" is not a valid region ID`,
		`["A",["B"]]`:                         "element 2: it is neither an ID nor an object with an ActivationId",
		`["A",null]`:                          "element 2: it is neither an ID nor an object with an ActivationId",
		`["A",1e999]`:                         "element 2: it is neither an ID nor an object with an ActivationId",
		"A\nnull\n":                           "line 2: null is not an ID: jq prints it for a key that does not exist",
		`["A"] 7`:                             "element 2: it is neither an ID nor an object with an ActivationId",
		`{"ActivationList":{"A":1}}`:          "element 1: its ActivationList is not an array",
		`[{"ActivationList":[{"ActivationId":"A"},{"ActivationList":[]}]}]`: "element 1: it has no ActivationId",
		`[{"ActivationId":"A"}`:         "element 2: the input ends within it",
		`{"ActivationId":"A`:            "element 1: the input ends within it",
		`{"ActivationId"`:               "element 1: the input ends within it",
		`[`:                             "element 1: the input ends within it",
		`["A" "B"]`:                     "element 2: it is not valid JSON",
		`[]]`:                           "element 1: it is not valid JSON",
		`{ActivationId: A}`:             "element 1: it is not valid JSON",
		"{\"ActivationId\":\"A\"}\nB\n": "element 2: it is not valid JSON",
	} {
		refs, err := ReadRefs(strings.NewReader(input), func() {})
		if err == nil || err.Error() != want || refs != nil {
			t.Errorf("%.60q: %v, %v; want %s", input, refs, err, want)
		}
		if !errors.As(err, new(InvalidRef)) {
			t.Errorf("%.60q: %T", input, err)
		}
	}
}

// A page of the service may not have all codes.
func TestReadRefsReportsIncompletePages(t *testing.T) {
	for input, want := range map[string]bool{
		`{"TotalCount":2,"ActivationList":[{"ActivationId":"A"}]}`:                                           true,
		`{"ActivationList":[{"ActivationId":"A"}],"NextToken":"n"}`:                                          true,
		`{"TotalCount":1,"NextToken":"","ActivationList":[{"ActivationId":"A"}]}`:                            false,
		`{"TotalCount":null,"NextToken":7,"ActivationList":[{"ActivationId":"A"}]}`:                          false,
		`{"ActivationList":[{"ActivationId":"A"}],"NextToken":"n"}{"ActivationList":[{"ActivationId":"B"}]}`: false,
		`{"TotalCount":2,"ActivationList":["A"]}{"TotalCount":2,"ActivationList":["B"]}`:                     false,
		`{"TotalCount":3,"ActivationList":["A"]}{"TotalCount":3,"ActivationList":["B"]}`:                     true,
		`{"TotalCount":3,"ActivationId":"A","NextToken":"of a code, not of a page"}`:                         false,
	} {
		got := false
		if _, err := ReadRefs(strings.NewReader(input), func() { got = true }); err != nil || got != want {
			t.Errorf("%s: %v, %v", input, got, err)
		}
	}
}

func invalidLines(n int) (lines []string) {
	for i := range n {
		lines = append(lines, InvalidRef{Line: i + 1, Err: NotRef{"?"}}.Error())
	}
	return lines
}

func TestReadRefsLimitsTheInputAndReturnsErrorsOfTheReader(t *testing.T) {
	for start, repeated := range map[string]string{"": "A\n", " ": `["A"]`, "A": strings.Repeat(" ", 1<<12) + "\n", "[": " ", `["`: "x"} {
		if _, err := ReadRefs(io.MultiReader(strings.NewReader(start), &endless{text: strings.Repeat(repeated, 1<<12)}), func() {}); !errors.Is(err, TooMuchInput{64, 1 << 18}) {
			t.Errorf("%.10q without end: %v", repeated, err)
		}
	}
	torn := errors.New("torn")
	for _, start := range []string{"", " ", "A", `["A"`, `["A"]`, `{"ActivationId":`} {
		if refs, err := ReadRefs(io.MultiReader(strings.NewReader(start), iotest.ErrReader(torn)), func() {}); !errors.Is(err, torn) || refs != nil {
			t.Errorf("%q: %v, %v", start, refs, err)
		}
	}
}

// endless is a reader that repeats a text.
type endless struct {
	text string
	next int
}

func (e *endless) Read(b []byte) (int, error) {
	for n := 0; n < len(b); {
		copied := copy(b[n:], e.text[e.next:])
		n, e.next = n+copied, (e.next+copied)%len(e.text)
	}
	return len(b), nil
}

func FuzzReadRefs(f *testing.F) {
	for _, seed := range []string{
		"A\ncn-beijing/B\r\n", `[{"ActivationId":"A","RegionId":"cn-beijing"}]`, `{"ActivationList":[{"ActivationId":"A"}]}`, `["A","b/C"]`,
		`{"ActivationId":"A"}` + "\n", `[`, `{`, `[[`, `{"ActivationList":{}}`, "\xff", `["A"]]`, " \n[1]",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		refs, err := ReadRefs(strings.NewReader(text), func() {})
		if err != nil {
			if refs != nil || !errors.As(err, new(InvalidRef)) {
				t.Fatalf("%q: %v, %v", text, refs, err)
			}
			return
		}
		var words []string
		for _, ref := range refs {
			word := ref.String()
			if again, err := ParseRef(word); err != nil || again != ref {
				t.Fatalf("%q has the target %q", text, word)
			}
			words = append(words, word)
		}
		if again, err := ReadRefs(strings.NewReader(strings.Join(words, "\n")), func() {}); err != nil || !slices.Equal(again, refs) {
			t.Fatalf("%q has the targets %q, which are read as %v, %v", text, words, again, err)
		}
	})
}
