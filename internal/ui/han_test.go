package ui

import (
	"testing"

	"github.com/olekukonko/tablewriter/pkg/twwidth"
)

func TestHanCharactersAreAsWideAsTheLibrarySays(t *testing.T) {
	found := 0
	for r := rune(0x80); r < 0x20000; r++ {
		if isHan(r) {
			found++
			if got := twwidth.WidthNoCache(string(r)); got != 2 {
				t.Errorf("%q (%U) takes %d columns", r, r, got)
			}
		}
	}
	if found < 20_000 {
		t.Error(found)
	}
}
