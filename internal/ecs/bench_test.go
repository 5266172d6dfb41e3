package ecs

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"ecs-activation/internal/activation"
)

// aPage returns a page of n codes, as the service sends it: 22 kB for 50 codes.
func aPage(n int) string {
	var codes []string
	for i := range n {
		codes = append(codes, fmt.Sprintf(`{"ActivationId":"4ECEEE12-56F1-4FBC-9AB1-%012d","InstanceName":"web-%d","Description":"the machines of the shop","InstanceCount":10,"RegisteredCount":3,`+
			`"DeregisteredCount":1,"TimeToLiveInHours":4,"IpAddressRange":"0.0.0.0/0","Disabled":false,"CreationTime":"2026-06-25T06:00:00Z","ResourceGroupId":"rg-123",`+
			`"Tags":[{"TagKey":"team","TagValue":"shop"},{"TagKey":"stage","TagValue":"production"}]}`, i, i))
	}
	return fmt.Sprintf(`{"RequestId":"R-0","TotalCount":%d,"PageNumber":1,"PageSize":50,"NextToken":"","ActivationList":[%s]}`, n, strings.Join(codes, ","))
}

func BenchmarkListOfAPageOf50Codes(b *testing.B) {
	page := []byte(aPage(50))
	_, client := startServer(b, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", fmt.Sprint(len(page)))
		w.Write(page) //nolint:errcheck // the client reports it
	})
	b.SetBytes(int64(len(page)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := client.List(b.Context(), activation.ListRequest{RegionId: hangzhou}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecodeOfAPageOf50Codes(b *testing.B) {
	page := []byte(aPage(50))
	b.SetBytes(int64(len(page)))
	b.ReportAllocs()
	for b.Loop() {
		if err := decode(page, &pageBody{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSignAndSend(b *testing.B) {
	_, client := startServer(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := client.List(b.Context(), activation.ListRequest{RegionId: hangzhou}); err != nil {
			b.Fatal(err)
		}
	}
}
