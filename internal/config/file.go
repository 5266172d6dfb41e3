package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"ecs-activation/internal/disk"
)

// readFile reads our configuration file: a flat map of settings. A missing file is an empty
// one. Errors name file, line and key. The others' settings are asked for only where one of the
// file's is not among the first.
func readFile(path string, settings []Setting, others func() []Setting) (map[string]string, error) {
	raw, err := disk.ReadFile(path, largestFile)
	if errors.Is(err, fs.ErrNotExist) || path == "" {
		return nil, nil
	}
	if err != nil {
		return nil, unreadable(err)
	}
	var root yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(raw))
	if err := decoder.Decode(&root); errors.Is(err, io.EOF) {
		return nil, nil
	} else if err != nil {
		return nil, fmt.Errorf("%s: %s", path, unread(err))
	}
	if err := decoder.Decode(&yaml.Node{}); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: must hold one document: nothing may follow a line of ---", path)
	}
	values, err := flatten(root.Content[0], finder(settings, others))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return values, nil
}

// largestFile is far more than all settings take, in bytes.
const largestFile = 1 << 20

// unreadable says that the configuration file cannot be read, and what to do about it.
func unreadable(err error) error {
	remedy := "make it readable for you, or remove it"
	if errors.Is(err, disk.ErrNotRegular) || errors.Is(err, disk.ErrTooLarge) {
		remedy = "put a text file with settings in its place, or remove it"
	}
	return fmt.Errorf("the configuration cannot be read: %w: %s", err, remedy)
}

// unread words what the YAML library cannot read. It leaves the line out where that is the first.
func unread(err error) string {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	if !strings.HasPrefix(text, "line ") {
		text = "line 1: " + text
	}
	return text
}

// finder returns what finds a setting by its name.
func finder(settings []Setting, others func() []Setting) func(string) (Setting, error) {
	named := func(name string) func(Setting) bool { return func(s Setting) bool { return s.Name == name } }
	return func(name string) (Setting, error) {
		i := slices.IndexFunc(settings, named(name))
		if i < 0 && others != nil {
			settings, others = append(settings, others()...), nil
			i = slices.IndexFunc(settings, named(name))
		}
		if i < 0 {
			return Setting{}, noSetting(name, settings)
		}
		return settings[i], nil
	}
}

func noSetting(name string, settings []Setting) error {
	names := make([]string, len(settings))
	for i, s := range settings {
		names[i] = s.Name
	}
	return &WrongWord{name, names, fmt.Sprintf("there is no setting %q", name)}
}

// flatten reads a mapping of known keys to plain values; a list's may be a sequence of them.
func flatten(node *yaml.Node, find func(string) (Setting, error)) (map[string]string, error) {
	if node.Kind != yaml.MappingNode {
		return nil, fmt.Errorf("line %d: must be settings, one \"name: value\" a line", node.Line)
	}
	values := map[string]string{}
	for i := 0; i < len(node.Content); i += 2 {
		key, node := node.Content[i], node.Content[i+1]
		setting, err := find(key.Value)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", key.Line, err)
		}
		if _, twice := values[key.Value]; twice {
			return nil, fmt.Errorf("line %d: %s is set twice", key.Line, key.Value)
		}
		value, err := scalar(node, setting.Kind)
		if err == nil {
			err = setting.check(value)
		}
		switch {
		case err != nil && node.Kind != yaml.ScalarNode: // it has no text of its own
			return nil, fmt.Errorf("line %d: %s: %w", node.Line, key.Value, err)
		case err != nil:
			return nil, fmt.Errorf("line %d: %s: %q %w", node.Line, key.Value, value, err)
		}
		values[key.Value] = value
	}
	return values, nil
}

// scalar reads a plain value, or a sequence of them where the setting is a list.
func scalar(node *yaml.Node, kind Kind) (string, error) {
	if kind == List && node.Kind == yaml.SequenceNode && len(node.Content) > 0 {
		items := make([]string, len(node.Content))
		for i, item := range node.Content {
			var err error
			if items[i], err = scalar(item, Text); err != nil {
				return "", err
			}
		}
		return strings.Join(items, separator), nil
	}
	if node.Kind != yaml.ScalarNode || node.Tag == "!!null" || node.Value == "" {
		return node.Value, errors.New("must be one plain value")
	}
	return node.Value, nil
}
