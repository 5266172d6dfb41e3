package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"go.yaml.in/yaml/v3"
)

// readFile reads our configuration file: a flat map of settings. A missing file is an empty
// one. Errors name file, line and key.
func readFile(path string) (map[string]string, error) {
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) || path == "" {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("the configuration cannot be read: %w", err)
	}
	var root yaml.Node
	if err := yaml.NewDecoder(bytes.NewReader(raw)).Decode(&root); errors.Is(err, io.EOF) {
		return nil, nil
	} else if err != nil {
		return nil, fmt.Errorf("%s: %s", path, strings.TrimPrefix(err.Error(), "yaml: "))
	}
	values, err := flatten(root.Content[0])
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return values, nil
}

// flatten reads a mapping of known keys to plain values.
func flatten(node *yaml.Node) (map[string]string, error) {
	if node.Kind != yaml.MappingNode {
		return nil, fmt.Errorf("line %d: must be settings, one \"name: value\" a line", node.Line)
	}
	settings := map[string]Setting{}
	for _, s := range All() {
		settings[s.Name] = s
	}
	values := map[string]string{}
	for i := 0; i < len(node.Content); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		setting, known := settings[key.Value]
		switch {
		case !known:
			return nil, fmt.Errorf("line %d: there is no setting %q", key.Line, key.Value)
		case value.Kind != yaml.ScalarNode || value.Tag == "!!null":
			return nil, fmt.Errorf("line %d: %s must have one plain value", value.Line, key.Value)
		}
		if _, twice := values[key.Value]; twice {
			return nil, fmt.Errorf("line %d: %s is set twice", key.Line, key.Value)
		}
		if err := setting.check(value.Value); err != nil {
			return nil, fmt.Errorf("line %d: %s: %q %w", value.Line, key.Value, value.Value, err)
		}
		values[key.Value] = value.Value
	}
	return values, nil
}
