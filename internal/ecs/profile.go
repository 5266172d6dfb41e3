package ecs

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// Profile is one profile of the aliyun CLI. The secrets stay in the room.
type Profile struct {
	Name     string
	RegionId string

	mode          string
	accessKeyId   string
	secret        string
	securityToken string
	roleName      string
}

// profileFile is the aliyun CLI's config.json, as far as it matters here (aliyun CLI v3.4).
type profileFile struct {
	Current  string `json:"current"`
	Profiles []struct {
		Name            string `json:"name"`
		Mode            string `json:"mode"`
		AccessKeyId     string `json:"access_key_id"`
		AccessKeySecret string `json:"access_key_secret"`
		StsToken        string `json:"sts_token"`
		RamRoleName     string `json:"ram_role_name"`
		RamRoleArn      string `json:"ram_role_arn"`
		RegionId        string `json:"region_id"`
	} `json:"profiles"`
}

// ReadProfile reads a profile of the aliyun CLI's file, the current one when name is empty.
// It only ever reads. Where there is no file and no name was asked for, there is no profile:
// nil, without an error. No error quotes the file, which holds secrets.
func ReadProfile(path, name string) (*Profile, error) {
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && name == "" {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("profile %s cannot be read: %w", name, err)
	}
	var file profileFile
	if err := json.Unmarshal(bytes.TrimPrefix(raw, []byte("\ufeff")), &file); err != nil {
		return nil, fmt.Errorf("%s: %w", path, withoutContent(err))
	}
	if name == "" {
		name = file.Current
	}
	if name == "" {
		name = "default"
	}
	return file.profile(path, name)
}

func (f profileFile) profile(path, name string) (*Profile, error) {
	var names []string
	for _, p := range f.Profiles {
		if p.Name == name {
			profile := &Profile{
				Name: p.Name, RegionId: p.RegionId, mode: strings.ToLower(p.Mode),
				accessKeyId: p.AccessKeyId, secret: p.AccessKeySecret, securityToken: p.StsToken, roleName: p.RamRoleName,
			}
			if profile.mode == "" {
				profile.mode = profile.inferredMode(p.RamRoleArn)
			}
			return profile, nil
		}
		names = append(names, p.Name)
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("%s has no profile %q, nor any other", path, name)
	}
	return nil, fmt.Errorf("%s has no profile %q; it has %s", path, name, strings.Join(names, ", "))
}

// inferredMode guesses the mode that a profile without one means, as the aliyun CLI does.
func (p *Profile) inferredMode(roleArn string) string {
	switch {
	case roleArn != "":
		return "ramrolearn"
	case p.accessKeyId != "" && p.securityToken != "":
		return "ststoken"
	case p.accessKeyId == "" && p.roleName != "":
		return "ecsramrole"
	default:
		return "ak"
	}
}
