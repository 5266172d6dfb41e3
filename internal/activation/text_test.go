package activation

import (
	"context"
	"errors"
	"testing"
)

func TestATextPrintsItselfInEnglishAndWrapsItsReason(t *testing.T) {
	err := Textf("cannot reach %s: %w", Textf("STS (%s)", "h"), context.Canceled)
	if err.Error() != "cannot reach STS (h): context canceled" || !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if format, args := err.Sentence(); format != "cannot reach %s: %w" || len(args) != 2 {
		t.Errorf("%q, %v", format, args)
	}
}
