package sandbox

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func loadMany(t testing.TB, s *Sandbox, n int) {
	var b strings.Builder
	b.WriteString("[")
	for i := range n {
		if i > 0 {
			b.WriteString(",")
		}
		fmt.Fprintf(&b, `{"InstanceName":"web","Description":"a description of some length, as people write","IpAddressRange":"10.0.0.0/8","Tags":[{"TagKey":"env","TagValue":"prod"},{"TagKey":"n","TagValue":"%d"}]}`, i)
	}
	b.WriteString("]")
	if _, err := s.Load(t.Context(), strings.NewReader(b.String())); err != nil {
		t.Fatal(err)
	}
}

func BenchmarkListPage(b *testing.B) {
	for _, page := range []string{"1", "100"} {
		b.Run("page "+page, func(b *testing.B) {
			s, c := start(b, Options{})
			loadMany(b, s, 5000)
			benchmark(b, s, c, "DescribeActivations", params("RegionId", "cn-hangzhou", "PageNumber", page, "PageSize", "50"))
		})
	}
	b.Run("by token", func(b *testing.B) {
		s, c := start(b, Options{})
		loadMany(b, s, 5000)
		benchmark(b, s, c, "DescribeActivations", params("RegionId", "cn-hangzhou", "MaxResults", "50"))
	})
}

func BenchmarkCreate(b *testing.B) {
	s, c := start(b, Options{Quota: 1 << 30})
	benchmark(b, s, c, "CreateActivation", params("RegionId", "cn-hangzhou", "InstanceName", "web"))
}

// benchmark times the handler alone: requests are signed in batches while the timer is stopped.
func benchmark(b *testing.B, s *Sandbox, c *client, action string, business []string) {
	var batch []*http.Request
	for b.Loop() {
		if len(batch) == 0 {
			b.StopTimer()
			for range 500 {
				batch = append(batch, c.request(action, business))
			}
			b.StartTimer()
		}
		w := httptest.NewRecorder()
		s.ServeHTTP(w, batch[0])
		batch = batch[1:]
		if w.Code != 200 {
			b.Fatal(w.Body)
		}
	}
}
