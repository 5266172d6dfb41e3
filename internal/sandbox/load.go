package sandbox

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// loadRegion is the region of a loaded code that names none.
const loadRegion = "cn-hangzhou"

// ttlMaxEver is the longest lifetime any page has named, in hours (ROS, 2025).
const ttlMaxEver = 876576

// element is one code of the input. Pointers tell "not given" from zero.
// Status, ExpirationTime and RemainingCount, which clients compute, are
// accepted and not looked at, so that their lists can be loaded.
type element struct {
	RegionId          string
	CreationTime      string
	ActivationId      string
	InstanceName      string
	Description       string
	InstanceCount     *int64
	RegisteredCount   int64
	DeregisteredCount int64
	TimeToLiveInHours *int64
	IpAddressRange    string
	Disabled          bool
	ResourceGroupId   string
	Tags              []tag

	Status, ExpirationTime, RemainingCount json.RawMessage
}

// loaded is an element that has passed.
type loaded struct {
	region  string
	created time.Time
	code    activation
	key     []byte
}

// Load adds codes from a JSON array in the API's field names plus RegionId, and
// returns how many. It accepts what Dump wrote. What is missing is filled in:
// RegionId cn-hangzhou, a new ActivationId, CreationTime now, InstanceCount 10,
// TimeToLiveInHours 4. The quota and the ranges of the limit set do not apply.
// An error names the element, counted from 1, and its field; then nothing is
// loaded. The input is read before the state is opened.
func (s *Sandbox) Load(ctx context.Context, r io.Reader) (int, error) {
	codes, err := readElements(r, s.options.Now())
	if err != nil {
		return 0, err
	}
	err = s.update(ctx, func(st *state) error { return st.load(codes) })
	if err != nil {
		return 0, err
	}
	return len(codes), nil
}

// readElements reads the array element by element.
func readElements(r io.Reader, now time.Time) ([]loaded, error) {
	decoder := json.NewDecoder(r)
	decoder.DisallowUnknownFields()
	if token, err := decoder.Token(); err != nil || token != json.Delim('[') {
		return nil, fmt.Errorf("the input is not a JSON array of codes (%w)", cmp.Or(err, errors.New("it does not begin with [")))
	}
	var codes []loaded
	seen := map[string]int{}
	for n := 1; decoder.More(); n++ {
		var e *element
		if err := decoder.Decode(&e); err != nil {
			return nil, fmt.Errorf("element %d: %s", n, describeJSON(err))
		}
		code, err := e.complete(now)
		if err != nil {
			return nil, fmt.Errorf("element %d: %w", n, err)
		}
		if first := seen[code.code.ActivationId]; first > 0 {
			return nil, fmt.Errorf("element %d: field ActivationId: %s is also that of element %d", n, code.code.ActivationId, first)
		}
		seen[code.code.ActivationId] = n
		codes = append(codes, code)
	}
	return codes, endOfArray(decoder)
}

func endOfArray(decoder *json.Decoder) error {
	if _, err := decoder.Token(); err != nil {
		return fmt.Errorf("the array does not end: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the array; give one array")
	}
	return nil
}

// describeJSON says in our words what encoding/json says in Go's.
func describeJSON(err error) string {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		return fmt.Sprintf("field %s: a JSON %s does not fit", cmp.Or(wrong.Field, "(none)"), wrong.Value)
	}
	return strings.TrimPrefix(err.Error(), "json: ")
}

// complete fills in what is missing and refuses what no service could hold.
func (e *element) complete(now time.Time) (loaded, error) {
	if e == nil {
		return loaded{}, errors.New("null is not a code")
	}
	code := activation{
		usage: usage{
			ActivationId:      cmp.Or(e.ActivationId, newId()),
			InstanceName:      e.InstanceName,
			Description:       e.Description,
			InstanceCount:     orDefault(e.InstanceCount, countDefault),
			RegisteredCount:   e.RegisteredCount,
			DeregisteredCount: e.DeregisteredCount,
			TimeToLiveInHours: orDefault(e.TimeToLiveInHours, ttlDefault),
			IpAddressRange:    e.IpAddressRange,
		},
		Disabled:        e.Disabled,
		ResourceGroupId: e.ResourceGroupId,
		Tags:            append([]tag{}, e.Tags...),
	}
	created, err := e.created(now)
	if err != nil {
		return loaded{}, err
	}
	code.CreationTime = formatTime(created)
	region := cmp.Or(e.RegionId, loadRegion)
	return loaded{region: region, created: created, code: code}, code.check(region)
}

func orDefault(given *int64, standard int64) int64 {
	if given == nil {
		return standard
	}
	return *given
}

func (e *element) created(now time.Time) (time.Time, error) {
	if e.CreationTime == "" {
		return now.UTC().Truncate(time.Second), nil
	}
	created, err := time.Parse(time.RFC3339, e.CreationTime)
	if err != nil || created.UTC().Year() < 1 || created.UTC().Year() > 9999 {
		return created, fmt.Errorf("field CreationTime: %q is not a time such as 2021-01-20T06:00:00Z", e.CreationTime)
	}
	return created.UTC().Truncate(time.Second), nil
}

// check judges a code to be loaded. Names and descriptions may hold anything:
// rehearsing with odd text is one use of Load.
func (a activation) check(region string) error {
	_, rangeError := parseRange(cmp.Or(a.IpAddressRange, "0.0.0.0/0"))
	switch {
	case regionLetters(region) == "":
		return fmt.Errorf("field RegionId: %q is not a region any page names", region)
	case !isActivationId(a.ActivationId):
		return fmt.Errorf("field ActivationId: %q is not 1 to 64 letters, digits and hyphens", a.ActivationId)
	case a.InstanceCount < 1:
		return fmt.Errorf("field InstanceCount: %d is not 1 or more", a.InstanceCount)
	case a.RegisteredCount < 0 || a.RegisteredCount > a.InstanceCount:
		return fmt.Errorf("field RegisteredCount: %d is not between 0 and the InstanceCount %d", a.RegisteredCount, a.InstanceCount)
	case a.DeregisteredCount < 0 || a.DeregisteredCount > a.RegisteredCount:
		return fmt.Errorf("field DeregisteredCount: %d is not between 0 and the RegisteredCount %d", a.DeregisteredCount, a.RegisteredCount)
	case a.TimeToLiveInHours < 1 || a.TimeToLiveInHours > ttlMaxEver:
		return fmt.Errorf("field TimeToLiveInHours: %d is not between 1 and %d", a.TimeToLiveInHours, ttlMaxEver)
	case rangeError != nil:
		return fmt.Errorf("field IpAddressRange: %q is no address and no block of addresses", a.IpAddressRange)
	}
	return a.checkTags()
}

func (a activation) checkTags() error {
	for i, t := range a.Tags {
		if t.TagKey == "" {
			return errors.New("field Tags: a TagKey is empty")
		}
		if slices.ContainsFunc(a.Tags[:i], func(other tag) bool { return other.TagKey == t.TagKey }) {
			return fmt.Errorf("field Tags: the TagKey %q is there twice", t.TagKey)
		}
	}
	return nil
}

func isActivationId(id string) bool {
	for i := range len(id) {
		if !isLetter(id[i]) && !isDigit(id[i]) && id[i] != '-' {
			return false
		}
	}
	return 0 < len(id) && len(id) <= 64
}

// load stores the codes in ascending order of their keys and then of their
// ids: within one transaction bbolt inserts at the end fast and in the middle
// slowly. Codes of the same second keep the order of the input.
func (st *state) load(codes []loaded) error {
	slices.SortStableFunc(codes, func(a, b loaded) int {
		return cmp.Or(cmp.Compare(a.region, b.region), a.created.Compare(b.created))
	})
	for i := range codes {
		if _, exists := st.locate(codesBucket, codes[i].code.ActivationId); exists {
			return fmt.Errorf("cannot load: field ActivationId: %s is already in the sandbox", codes[i].code.ActivationId)
		}
		key, err := st.add(codesBucket, codes[i].region, codes[i].created, codes[i].code)
		if err != nil {
			return err
		}
		codes[i].key = key
	}
	slices.SortFunc(codes, func(a, b loaded) int { return cmp.Compare(a.code.ActivationId, b.code.ActivationId) })
	for _, c := range codes {
		if err := st.index(codesBucket, c.code.ActivationId, c.region, c.key); err != nil {
			return err
		}
	}
	return nil
}
