package activation

import "testing"

func TestIsTemporary(t *testing.T) {
	for kind, codes := range documented {
		for _, code := range codes {
			if IsTemporary(code) != (kind == KindUnavailable) {
				t.Errorf("%s, of kind %s: %t", code, kind, IsTemporary(code))
			}
		}
	}
	for code, want := range map[string]bool{"SystemBusy": true, "SystemBusy.Now": true, "SystemBusyNow": false, "InternalErrors": false, "Nobody.Knows": false, "": false} {
		if IsTemporary(code) != want {
			t.Errorf("%q: %t", code, !want)
		}
	}
}
