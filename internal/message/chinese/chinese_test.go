package chinese

import (
	"strings"
	"testing"
)

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

// A text that begins with an instruction has no "请": a hint has its label. Behind a statement it marks where the
// instruction begins.
func TestNoTextBeginsWithPlease(t *testing.T) {
	for english, chinese := range All() {
		if strings.HasPrefix(chinese, "请") && !strings.HasPrefix(chinese, "请求") {
			t.Errorf("%q is translated as %q", english, chinese)
		}
	}
}
