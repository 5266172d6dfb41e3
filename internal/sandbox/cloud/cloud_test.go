package cloud

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"ecs-activation/internal/sandbox/store"
)

// Actions with typed inputs, without a request. What clients see is tested in package sandbox, over HTTP.

// newAccount returns a function that runs work on the account of a new sandbox. It fails the test if work does.
func newAccount(t *testing.T, year string) func(work func(*Account) error) {
	t.Helper()
	limits, err := LimitsOf(year, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	s := store.New(filepath.Join(t.TempDir(), "sandbox.db"))
	return func(work func(*Account) error) {
		t.Helper()
		if err := s.Update(t.Context(), func(tx *store.Tx) error { return work(Open(tx, limits, time.Now())) }); err != nil {
			t.Error(err)
		}
	}
}

// rows collects the rows of a page.
type rows []string

func (r *rows) AddRow(row []byte) { *r = append(*r, string(row)) }

func codeOf(err error) string {
	var refused *Error
	if errors.As(err, &refused) {
		return refused.Code
	}
	return ""
}

func TestANumberIsCheckedWhenItsTurnComes(t *testing.T) {
	for text, want := range map[string]struct {
		value int64
		code  string
	}{
		"": {7, ""}, "12": {12, ""}, "-1": {-1, ""}, "x": {0, "InvalidParameter"},
		"99999999999999999999": {1<<63 - 1, ""}, "-99999999999999999999": {-1 << 63, ""},
	} {
		if got, err := ParseNumber(text).or("N", 7); got != want.value || codeOf(err) != want.code {
			t.Errorf("%q: %d, %v", text, got, err)
		}
	}
}

func TestTheFirstParameterThatBreaksARuleDecides(t *testing.T) {
	in := CreateInput{
		InstanceName: "1", InstanceCount: ParseNumber("x"), TimeToLiveInHours: ParseNumber("99"),
		IpAddressRange: "x", ResourceGroupId: "x", Tags: []TagInput{{N: 21, Key: "k"}},
	}
	newAccount(t, "")(func(a *Account) error {
		for _, step := range []struct {
			code string
			mend func()
		}{
			{"InstanceName.ExceedLimit", func() { in.InstanceName = "web" }},
			{"InvalidParameter", func() { in.InstanceCount = Number{} }},
			{"ActivationTTL.ExceedLimit", func() { in.TimeToLiveInHours = Number{} }},
			{"AddressRange.InvalidPattern", func() { in.IpAddressRange = "" }},
			{"InvalidResourceGroup.NotFound", func() { in.ResourceGroupId = "" }},
			{"NumberExceed.Tags", func() { in.Tags[0].N = 20 }},
		} {
			if _, err := a.CreateActivation(in); codeOf(err) != step.code {
				t.Errorf("%v, want %s", err, step.code)
			}
			step.mend()
		}
		in.RegionId = "cn-hangzhou"
		_, err := a.CreateActivation(in)
		return err
	})
}

func TestOneCodeFromItsCreationToItsEnd(t *testing.T) {
	account := newAccount(t, "")
	var made CreateResult
	account(func(a *Account) (err error) {
		made, err = a.CreateActivation(CreateInput{RegionId: "cn-hangzhou", InstanceName: "web", ClientToken: "t"})
		return err
	})
	account(func(a *Account) error {
		again, err := a.CreateActivation(CreateInput{RegionId: "cn-hangzhou", InstanceName: "web", ClientToken: "t"})
		if err != nil || again != made {
			t.Errorf("%+v, %v; want %+v", again, err, made)
		}
		r, err := a.limits.Prepare(Registration{RegionId: "cn-hangzhou", ActivationId: made.ActivationId, ActivationCode: made.ActivationCode})
		if err != nil {
			return err
		}
		m, err := a.Register(r)
		if err != nil || m.InstanceName != "web-01" || m.InternetIp != "127.0.0.1" {
			t.Errorf("%+v, %v", m, err)
		}
		if _, err := a.DeleteActivation(CodeInput{"cn-hangzhou", made.ActivationId}); codeOf(err) != "ActivationId.InUse" {
			t.Errorf("deleted with a machine: %v", err)
		}
		agent, err := a.FindAgent(m.InstanceId)
		if err != nil {
			return err
		}
		if err := a.Deregister(agent); err != nil {
			return err
		}
		if _, err := a.FindAgent(m.InstanceId); codeOf(err) != InstanceDeregistered {
			t.Errorf("a deregistered machine: %v", err)
		}
		return nil
	})
	account(func(a *Account) error {
		var page rows
		result, err := a.DescribeActivations(DescribeInput{RegionId: "cn-hangzhou"}, &page)
		if err != nil || len(page) != 1 || result.TotalCount != 1 || result.PageSize != pageSizeDefault {
			t.Errorf("%q, %+v, %v", page, result, err)
		}
		codes, machines, err := a.Totals()
		if codes != 1 || machines != 0 {
			t.Errorf("%d codes, %d machines", codes, machines)
		}
		return err
	})
}

func TestAnErrorThatNoRuleMadeIsAProblemOfTheSandbox(t *testing.T) {
	for err, want := range map[error]string{
		Missing("x"):            "MissingParameter",
		errors.New("anyhow"):    InternalError,
		&store.Error{Path: "x"}: StateUnusable,
	} {
		if got := AsError(err); got.Code != want || got.IsInternal() != (want != "MissingParameter") {
			t.Errorf("%v: %+v", err, got)
		}
	}
}

func TestARowThatIsNoCodeIsDamage(t *testing.T) {
	const sound = `{"CreationTime":"2026-01-01T00:00:00Z","ActivationId":"A"}`
	for row, found := range map[string]bool{ // by the check of both ends
		"": true, "7": true, "{}": true, sound[1:]: true, sound[:len(sound)-1]: true, sound[:20] + "\x00" + sound[21:]: false,
	} {
		if err := checkEnds([]byte(row)); errors.Is(err, store.ErrDamaged) != found {
			t.Errorf("ends of %q: %v", row, err)
		}
		if err := checkWhole([]byte(row)); !errors.Is(err, store.ErrDamaged) {
			t.Errorf("%q: %v", row, err)
		}
	}
	if err := checkWhole([]byte(sound)); err != nil {
		t.Error(err)
	}
}
