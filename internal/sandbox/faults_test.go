package sandbox

import (
	"math"
	"strings"
	"testing"

	"ecs-activation/internal/sandbox/wire"
)

func TestFaultsAreReadAndWritten(t *testing.T) {
	for text, want := range map[string]string{
		"":                              "",
		"throttle=0":                    "",
		"throttle=-0":                   "",
		"throttle=0.1":                  "throttle=0.1",
		"drop-after=1":                  "drop-after=1",
		"drop-after=.05, throttle=1e-1": "throttle=0.1,drop-after=0.05",
		"throttle=0.1,unavailable=0.1,busy=0.1,drop-before=0.1,drop-after=0.1,reset=0.1,slow=0.1,html=0.1,empty=0.05,forget-token=0.05,forbidden=0.05,unverified=0.01,proxy-page=0.01,unknown-code=0.01,redirect=0.01,odd-200=0.005,processing=0.005": "throttle=0.1,unavailable=0.1,busy=0.1,drop-before=0.1,drop-after=0.1,reset=0.1,slow=0.1,html=0.1,empty=0.05,forget-token=0.05,forbidden=0.05,unverified=0.01,proxy-page=0.01,unknown-code=0.01,redirect=0.01,odd-200=0.005,processing=0.005",
	} {
		if got, err := ParseFaults(text); err != nil || got.String() != want {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
}

func TestFaultsThatBreakARuleAreRefusedWithARemedy(t *testing.T) {
	const names = "throttle, unavailable, busy, drop-before, drop-after, reset, slow, html, empty, forget-token, forbidden, unverified, proxy-page, unknown-code, redirect, odd-200, processing"
	for text, want := range map[string][]string{
		"throttle":                     {`"throttle" is not NAME=PROBABILITY`, "throttle=0.1", names},
		"throttle=0.1,":                {`"" is not NAME=PROBABILITY`, names},
		",":                            {`"" is not NAME=PROBABILITY`, names},
		" ":                            {`"" is not NAME=PROBABILITY`, names},
		"throttel=0.1":                 {`"throttel" is unknown`, "did you mean throttle?", names},
		"Drop_After=0.1":               {"did you mean drop-after?", names},
		"dropbefore=0.1":               {"did you mean drop-before?", names},
		"HTML=0.1":                     {"did you mean html?"},
		"none=0.1":                     {`"none" is unknown`, "give one of its names", names},
		"=0.1":                         {`"" is unknown`, names},
		"earthquake=0.1":               {`"earthquake"`, "give one of its names", names},
		"throttle=":                    {`throttle: probability "" is not a number from 0 to 1`, "throttle=0.1", names},
		"slow=1.01":                    {`slow: probability "1.01"`, "slow=0.1", names},
		"slow=-0.1":                    {`"-0.1"`},
		"slow=NaN":                     {`"NaN"`},
		"slow=Inf":                     {`"Inf"`},
		"slow=10%":                     {`"10%"`},
		"slow=a=b":                     {`"a=b"`},
		"slow=0.1,slow=0.1":            {"slow is given twice", "once", names},
		"slow=0,html=0.1,slow=0":       {"slow is given twice"},
		"slow=0.6,html=0.5":            {"slow=0.6,html=0.5 add up to more than 1", "at most one", "give less"},
		"throttle=1,busy=1,slow=0.001": {"add up to more than 1"},
	} {
		got, err := ParseFaults(text)
		if err == nil {
			t.Errorf("%q: no error", text)
			continue
		}
		for _, part := range want {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%q: no %q in %q", text, part, err)
			}
		}
		if got != (Faults{}) {
			t.Errorf("%q: faults %q beside an error", text, got)
		}
	}
}

func FuzzFaultsAreReadAsTheyAreWritten(f *testing.F) {
	f.Add("throttle=0.1,drop-after=0.05")
	f.Add("slow=1,,html=0x1p-3")
	f.Fuzz(func(t *testing.T, text string) {
		faults, err := ParseFaults(text)
		if err != nil {
			if faults != (Faults{}) || !strings.HasPrefix(err.Error(), "sandbox fault") {
				t.Fatalf("%q: %q, %v", text, faults, err)
			}
			return
		}
		sum := 0.0
		for _, likely := range faults.likely {
			if math.IsNaN(likely) || likely < 0 || likely > 1 {
				t.Fatalf("%q: %v", text, faults.likely)
			}
			sum += likely
		}
		if again, err := ParseFaults(faults.String()); err != nil || again != faults || sum > 1.0001 {
			t.Fatalf("%q: %q, %q, %v, %v", text, faults, again, sum, err)
		}
	})
}

func TestAFaultIsAsLikelyAsAsked(t *testing.T) {
	faults := faultsOf(t, "throttle=0.1,drop-after=0.05,html=0.25")
	s := newSandbox(t, Options{Faults: faults, Seed: 7})
	counts := map[fault]float64{}
	const requests = 20000
	for n := range requests {
		c := &call{Request: &wire.Request{}}
		s.api.injector.pickFault(c, n+1)
		counts[c.fault]++
	}
	for f := range faultCount {
		want := faults.likely[f]
		if f == faultNone {
			want = 0.6
		}
		if got := counts[f] / requests; math.Abs(got-want) > 0.015 {
			t.Errorf("%s: %v of the requests, want %v", f, got, want)
		}
	}
}

func faultsOf(t testing.TB, text string) Faults {
	t.Helper()
	faults, err := ParseFaults(text)
	if err != nil {
		t.Fatal(err)
	}
	return faults
}
