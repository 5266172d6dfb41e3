package main

import (
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"runtime/debug"
	"strings"
)

// The parts of CycloneDX 1.6 that describe a Go program.
type (
	bom struct {
		Format     string      `json:"bomFormat"`
		Version    string      `json:"specVersion"`
		Edition    int         `json:"version"`
		Metadata   metadata    `json:"metadata"`
		Components []component `json:"components"`
	}
	metadata struct {
		Timestamp  string     `json:"timestamp,omitempty"`
		Component  component  `json:"component"`
		Properties []property `json:"properties,omitempty"`
	}
	component struct {
		Type    string `json:"type"`
		Ref     string `json:"bom-ref"`
		Name    string `json:"name"`
		Version string `json:"version"`
		PURL    string `json:"purl,omitempty"`
		Hashes  []hash `json:"hashes,omitempty"`
	}
	hash struct {
		Algorithm string `json:"alg"`
		Content   string `json:"content"`
	}
	property struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	}
)

// sbom writes the list of the modules that a binary contains. Go has stored it in the binary, so the list is that of
// the binary and not of go.mod, and depends on nothing else.
func sbom(binary, file string) error {
	info, err := buildinfo.ReadFile(binary)
	if err != nil {
		return err
	}
	content, err := os.ReadFile(binary)
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(newBOM(info, sha256.Sum256(content)), "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(file, append(text, '\n'), 0o644)
}

func newBOM(info *debug.BuildInfo, sum [sha256.Size]byte) bom {
	program := component{
		Type: "application", Ref: "pkg:golang/" + info.Main.Path, Name: info.Main.Path, Version: info.Main.Version,
		Hashes: []hash{{Algorithm: "SHA-256", Content: hex.EncodeToString(sum[:])}},
	}
	document := bom{Format: "CycloneDX", Version: "1.6", Edition: 1, Metadata: metadata{Component: program}}
	for _, setting := range info.Settings {
		if setting.Key == "vcs.time" {
			document.Metadata.Timestamp = setting.Value
		}
		document.Metadata.Properties = append(document.Metadata.Properties, property{"go:build:" + setting.Key, setting.Value})
	}
	document.Components = append(document.Components, library("std", strings.TrimPrefix(info.GoVersion, "go")))
	for _, module := range info.Deps {
		if module.Replace != nil {
			module = module.Replace
		}
		document.Components = append(document.Components, library(module.Path, module.Version))
	}
	return document
}

func library(path, version string) component {
	purl := fmt.Sprintf("pkg:golang/%s@%s", path, strings.ReplaceAll(version, "+", "%2B"))
	return component{Type: "library", Ref: purl, Name: path, Version: version, PURL: purl}
}
