package cloud

import "testing"

func TestEveryYearHasItsQuota(t *testing.T) {
	for limits, quota := range map[string]int{"2021": 100, "2024": 5000, "2026": 10, "": 10} {
		set, err := LimitsOf(limits, 0, 0)
		if err != nil || set.quota != quota {
			t.Errorf("%s: %d, %v", limits, set.quota, err)
		}
	}
}

func TestAGivenQuotaReplacesThatOfTheYear(t *testing.T) {
	l, err := LimitsOf("2024", 7, 8)
	if err != nil || l.quota != 7 || l.quotaFree != 0 || l.machines != 8 {
		t.Errorf("%+v, %v", l, err)
	}
}
