package sandbox

import (
	"strings"
	"time"

	"ecs-activation/internal/sandbox/store"
)

// usage is the part of a code that every answer about it holds; DeleteActivation
// answers no more than this. CreationTime stands first in the encoded row:
// Advance rewrites it in store.Location.
type usage struct {
	CreationTime      string // RFC 3339, UTC, whole seconds
	ActivationId      string
	InstanceName      string
	Description       string
	InstanceCount     int64
	RegisteredCount   int64
	DeregisteredCount int64
	TimeToLiveInHours int64
	IpAddressRange    string
}

// disabledUsage is what DisableActivation answers: no Tags, no ResourceGroupId.
type disabledUsage struct {
	usage
	Disabled bool
}

// activation is a code as DescribeActivations answers it, and as it is stored.
type activation struct {
	usage
	Disabled        bool
	ResourceGroupId string
	Tags            []tag
}

type tag struct {
	TagKey   string
	TagValue string
}

// expiry is the moment from which no machine can register: CreationTime plus
// TimeToLiveInHours.
func (u usage) expiry() (time.Time, error) {
	created, err := parseTime(u.CreationTime)
	return created.Add(time.Duration(u.TimeToLiveInHours) * time.Hour), err
}

func formatTime(t time.Time) string { return t.UTC().Format(timeLayout) }

func parseTime(text string) (time.Time, error) { return time.Parse(timeLayout, text) }

// timeLayout is how the API writes times: 2021-01-20T06:00:00Z.
const timeLayout = "2006-01-02T15:04:05Z"

// find reads a code of one region; a code of another region is not found, as
// with the service.
func (st *state) find(region, activationId string) (store.Location, activation, error) {
	at, ok := st.Codes().Locate(activationId)
	if !ok || at.Region != region {
		return store.Location{}, activation{}, activationNotFound()
	}
	code, err := st.code(at)
	return at, code, err
}

func (st *state) code(at store.Location) (activation, error) {
	var code activation
	err := store.Decode(st.Codes().Rows(at.Region).Get(at.Key), &code)
	return code, err
}

// keep stores a new code.
func (st *state) keep(region string, created time.Time, code activation) error {
	at, err := st.Codes().Add(region, created, code)
	if err != nil {
		return err
	}
	return st.Codes().SetIndex(code.ActivationId, at)
}

// isURL says whether text begins like a web address.
func isURL(text string) bool {
	return strings.HasPrefix(text, "http://") || strings.HasPrefix(text, "https://")
}
