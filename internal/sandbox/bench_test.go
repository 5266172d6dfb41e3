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
	if _, err := s.Load(strings.NewReader(b.String())); err != nil {
		t.Fatal(err)
	}
}

func BenchmarkListPage(b *testing.B) {
	for _, page := range []string{"1", "100"} {
		b.Run("page "+page, func(b *testing.B) {
			s, c := start(b, Options{})
			loadMany(b, s, 5000)
			requests := make([]*http.Request, b.N)
			for i := range requests {
				requests[i] = c.request("DescribeActivations", params("RegionId", "cn-hangzhou", "PageNumber", page, "PageSize", "50"))
			}
			b.ResetTimer()
			for i := range b.N {
				w := httptest.NewRecorder()
				s.ServeHTTP(w, requests[i])
				if w.Code != 200 {
					b.Fatal(w.Body)
				}
			}
		})
	}
}

func BenchmarkCreate(b *testing.B) {
	s, c := start(b, Options{Quota: 1 << 30})
	requests := make([]*http.Request, b.N)
	for i := range requests {
		requests[i] = c.request("CreateActivation", params("RegionId", "cn-hangzhou", "InstanceName", "web"))
	}
	b.ResetTimer()
	for i := range b.N {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, requests[i])
		if w.Code != 200 {
			b.Fatal(w.Body)
		}
	}
}
