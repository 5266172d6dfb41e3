//go:build aliyun

package ecs_test

import (
	"cmp"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"ecs-activation/internal/activation/activationtest"
	"ecs-activation/internal/ecs"
	"ecs-activation/internal/identity"
)

// TestTheClientKeepsTheContractAgainstTheService makes real codes, and removes them:
//
//	go test -tags aliyun -run AgainstTheService -v ./internal/ecs
//
// It signs with what the environment or the aliyun CLI's profile gives, and acts in
// ALIBABA_CLOUD_REGION_ID, otherwise in the profile's region, otherwise in cn-hangzhou. It
// needs room for five codes there.
func TestTheClientKeepsTheContractAgainstTheService(t *testing.T) {
	home, err := os.UserHomeDir()
	if err != nil {
		t.Fatal(err)
	}
	search := identity.Search{
		Env: os.LookupEnv, ProfilePath: filepath.Join(home, ".aliyun", "config.json"),
		ProfileName: os.Getenv("ALIBABA_CLOUD_PROFILE"), Now: time.Now,
	}
	found, err := search.Find(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	region := os.Getenv("ALIBABA_CLOUD_REGION_ID")
	if profile, err := identity.ReadProfile(search.ProfilePath, search.ProfileName); err == nil && profile != nil {
		region = cmp.Or(region, profile.RegionId)
	}
	region = cmp.Or(region, "cn-hangzhou")
	elsewhere := "cn-beijing"
	if region == elsewhere {
		elsewhere = "cn-hangzhou"
	}
	t.Logf("%s, in %s", found.Source, region)
	activationtest.Test(t, func(t *testing.T) activationtest.Subject {
		client := ecs.New(ecs.Options{Identity: found, UserAgent: "ecs-activation/contract", Proxy: http.ProxyFromEnvironment})
		t.Cleanup(client.Close)
		return activationtest.Subject{Service: client, RegionId: region, Elsewhere: elsewhere, Patience: 20 * time.Second}
	})
}
