package pending

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"ecs-activation/internal/disk"
)

// BenchmarkRecord writes the record of one create from its beginning to the delivery of the code.
func BenchmarkRecord(b *testing.B) {
	s := New(disk.OS{}, filepath.Join(b.TempDir(), "pending"), func() time.Time { return start })
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		e, err := s.Begin(b.Context(), newCreate(fmt.Sprintf("token-%06d", i)))
		if err != nil {
			b.Fatal(err)
		}
		steps := inOrder(apply(e, Sending, ""), apply(e, Answered, "4ECE"), apply(e, DeliverySucceeded, ""), e.Close)
		if steps != nil {
			b.Fatal(steps)
		}
	}
}
