package ecs

import (
	"net/http"
	"testing"
)

func TestRegionsAreRequestedInEnglishAndDecoded(t *testing.T) {
	s, client := startServer(t, answer(http.StatusOK, `{"RequestId":"R-1","Regions":{"Region":[
		{"RegionId":"cn-hangzhou","LocalName":"China (Hangzhou)","RegionEndpoint":"ecs-cn-hangzhou.aliyuncs.com","Status":"available"},{"RegionId":"b"}]}}`))
	regions, err := client.Regions(t.Context(), "cn-beijing")
	if err != nil || len(regions) != 2 || regions[0].LocalName != "China (Hangzhou)" || regions[0].RegionEndpoint != "ecs-cn-hangzhou.aliyuncs.com" || regions[1].RegionId != "b" {
		t.Errorf("%+v, %v", regions, err)
	}
	sent := s.queries()[0]
	if sent.Get("Action") != "DescribeRegions" || sent.Get("RegionId") != "cn-beijing" || sent.Get("AcceptLanguage") != "en-US" || sent.Get("Version") != "2014-05-26" {
		t.Errorf("%v", sent)
	}
}

func TestAnAnswerWithoutRegionsIsAnError(t *testing.T) {
	for body, want := range map[string]string{
		`{"RequestId":"R-1"}`:                                    "cannot list the regions: the answer holds no list of regions",
		`{"RequestId":"R-1","Regions":{}}`:                       "cannot list the regions: the answer holds no list of regions",
		`{"RequestId":"R-1","Regions":{"Region":[{}]}}`:          "cannot list the regions: the answer holds a region without a RegionId",
		`{"RequestId":"R-1","Code":"Nope","Message":"No way."}`:  "cannot list the regions: No way.",
		`{"RequestId":"R-1","Regions":[{"RegionId":"a"}]}`:       "cannot list the regions: the answer cannot be read: field Regions has an unexpected form",
		`{"RequestId":"R-1","Regions":{"Region":"cn-hangzhou"}}`: "",
	} {
		_, client := startServer(t, answer(http.StatusOK, body))
		regions, err := client.Regions(t.Context(), hangzhou)
		if err == nil || regions != nil || want != "" && err.Error() != want {
			t.Errorf("%s: %+v, %v, want %s", body, regions, err, want)
		}
	}
}
