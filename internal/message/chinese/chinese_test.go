package chinese

import "testing"

func TestEachTextIsTranslatedOnce(t *testing.T) {
	translated := map[string]string{}
	for _, part := range catalogue() {
		for _, e := range part {
			if before, twice := translated[e.english]; twice {
				t.Errorf("%q is translated as %q and as %q", e.english, before, e.chinese)
			}
			translated[e.english] = e.chinese
		}
	}
	if len(translated) < 500 {
		t.Errorf("there are only %d translations", len(translated))
	}
}
