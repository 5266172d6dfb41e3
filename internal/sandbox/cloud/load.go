package cloud

import (
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"slices"
	"sort"
	"strings"
	"time"

	"ecs-activation/internal/sandbox/store"
)

// ReadCodes reads a JSON array of codes for Load, element by element.
func ReadCodes(r io.Reader, now time.Time) ([]LoadedCode, error) {
	decoder := json.NewDecoder(r)
	decoder.DisallowUnknownFields()
	token, err := decoder.Token()
	if errors.As(err, new(*fs.PathError)) { // the file cannot be read
		return nil, err
	}
	if err != nil || token != json.Delim('[') {
		return nil, store.Textf("the input is not a JSON array of codes (%w)", cmp.Or(err, errors.New("it does not begin with [")))
	}
	var codes []LoadedCode
	seen := map[string]int{}
	for n := 1; decoder.More(); n++ {
		var e *element
		if err := decoder.Decode(&e); err != nil {
			return nil, store.Textf("element %d: %w", n, DescribeJSON(err))
		}
		code, err := e.complete(now)
		if err != nil {
			return nil, store.Textf("element %d: %w", n, err)
		}
		if first := seen[code.code.ActivationId]; first > 0 {
			return nil, store.Textf("element %d: field ActivationId: %s is also that of element %d", n, code.code.ActivationId, first)
		}
		seen[code.code.ActivationId] = n
		codes = append(codes, code)
	}
	return codes, endOfArray(decoder)
}

// LoadedCode is an element that is complete and valid.
type LoadedCode struct {
	region  string
	created time.Time
	code    Code
	at      store.Location
}

// Load stores codes, ignoring quota and limits. It adds rows in ascending order of their keys and then index
// entries in ascending order of the ids, because within one transaction bbolt inserts fast at the end and
// slowly in the middle. Codes of the same second keep the order of the input.
func (a *Account) Load(codes []LoadedCode) error {
	sort.SliceStable(codes, func(i, j int) bool {
		return cmp.Or(cmp.Compare(codes[i].region, codes[j].region), codes[i].created.Compare(codes[j].created)) < 0
	})
	for i, c := range codes {
		if _, exists := a.tx.Codes().Locate(c.code.ActivationId); exists {
			return store.Textf("field ActivationId: %s is already in the sandbox", c.code.ActivationId)
		}
		var err error
		if codes[i].at, err = a.tx.Codes().Add(c.region, c.created, c.code); err != nil {
			return err
		}
	}
	sort.Slice(codes, func(i, j int) bool { return codes[i].code.ActivationId < codes[j].code.ActivationId })
	for _, c := range codes {
		if err := a.tx.Codes().SetIndex(c.code.ActivationId, c.at); err != nil {
			return err
		}
	}
	return nil
}

// loadRegion is the region of a loaded code without a RegionId.
const loadRegion = "cn-hangzhou"

// ttlMaxEver is the longest lifetime that any page has named, in hours (ROS, 2025).
const ttlMaxEver = 876576

// element is one code of the input. Pointers distinguish "not given" from zero. Status, ExpirationTime and
// RemainingCount, which clients compute, are accepted and ignored, so that their lists can be loaded.
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
	Tags              []Tag

	Status, ExpirationTime, RemainingCount json.RawMessage
}

func endOfArray(decoder *json.Decoder) error {
	if _, err := decoder.Token(); err != nil {
		return store.Textf("the array does not end: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the array; give one array")
	}
	return nil
}

// DescribeJSON describes an error of encoding/json without the names of Go types.
func DescribeJSON(err error) error {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		return store.Textf("field %s: a JSON %s does not fit", cmp.Or(wrong.Field, "(none)"), wrong.Value)
	}
	text := strings.TrimPrefix(err.Error(), "json: ")
	if field, unknown := strings.CutPrefix(text, "unknown field "); unknown {
		return store.Textf("unknown field %s", field)
	}
	return errors.New(text)
}

// complete fills in what is missing, and refuses what no service could hold.
func (e *element) complete(now time.Time) (LoadedCode, error) {
	if e == nil {
		return LoadedCode{}, errors.New("null is not a code")
	}
	code := Code{
		Usage: Usage{
			ActivationId:      cmp.Or(e.ActivationId, NewId()),
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
		Tags:            append([]Tag{}, e.Tags...),
	}
	created, err := e.created(now)
	if err != nil {
		return LoadedCode{}, err
	}
	code.CreationTime = formatTime(created)
	region := cmp.Or(e.RegionId, loadRegion)
	return LoadedCode{region: region, created: created, code: code}, code.check(region)
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
		return created, store.Textf("field CreationTime: %q is not a time such as 2021-01-20T06:00:00Z", e.CreationTime)
	}
	return created.UTC().Truncate(time.Second), nil
}

// check checks a code to be loaded. Names and descriptions may contain anything: rehearsing with unusual text
// is one use of Load.
func (c Code) check(region string) error {
	_, rangeError := parseRange(cmp.Or(c.IpAddressRange, "0.0.0.0/0"))
	switch {
	case regionLetters(region) == "":
		return store.Textf("field RegionId: %q is not a region any page names", region)
	case !isActivationId(c.ActivationId):
		return store.Textf("field ActivationId: %q is not 1 to 64 letters, digits and hyphens", c.ActivationId)
	case c.InstanceCount < 1:
		return store.Textf("field InstanceCount: %d is not 1 or more", c.InstanceCount)
	case c.RegisteredCount < 0 || c.RegisteredCount > c.InstanceCount:
		return store.Textf("field RegisteredCount: %d is not between 0 and the InstanceCount %d", c.RegisteredCount, c.InstanceCount)
	case c.DeregisteredCount < 0 || c.DeregisteredCount > c.RegisteredCount:
		return store.Textf("field DeregisteredCount: %d is not between 0 and the RegisteredCount %d", c.DeregisteredCount, c.RegisteredCount)
	case c.TimeToLiveInHours < 1 || c.TimeToLiveInHours > ttlMaxEver:
		return store.Textf("field TimeToLiveInHours: %d is not between 1 and %d", c.TimeToLiveInHours, ttlMaxEver)
	case rangeError != nil:
		return store.Textf("field IpAddressRange: %q is not an address or a block of addresses", c.IpAddressRange)
	}
	return c.checkTags()
}

func (c Code) checkTags() error {
	for i, t := range c.Tags {
		if t.TagKey == "" {
			return errors.New("field Tags: a TagKey is empty")
		}
		if slices.ContainsFunc(c.Tags[:i], func(other Tag) bool { return other.TagKey == t.TagKey }) {
			return store.Textf("field Tags: the TagKey %q is given twice", t.TagKey)
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
