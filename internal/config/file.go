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

	"ecs-activation/internal/activation"
	"ecs-activation/internal/disk"
)

// File is the content of the configuration file, a flat map of settings. The zero value has no settings.
type File struct {
	path string
	root *yaml.Node // nil: there are no settings
	err  error      // reported by Load
}

// ReadFile reads the configuration file. A missing file is treated as empty, and so is "".
func ReadFile(path string) File {
	root, err := readYAML(path)
	return File{path, root, err}
}

// Text returns the text of a setting that must be known before Load has checked it, or "".
func (f File) Text(name string) string {
	if f.root == nil || f.root.Kind != yaml.MappingNode {
		return ""
	}
	for i := 0; i < len(f.root.Content); i += 2 {
		if key, value := f.root.Content[i], f.root.Content[i+1]; key.Value == name && value.Kind == yaml.ScalarNode {
			return value.Value
		}
	}
	return ""
}

// values returns the settings of the file. Errors name the file, line and key. values calls others only if the file
// has a key that is not in settings.
func (f File) values(settings []Setting, others func() []Setting) (map[string]string, error) {
	if f.err != nil || f.root == nil {
		return nil, f.err
	}
	values, err := flatten(f.root, finder(settings, others))
	if err != nil {
		return nil, activation.Textf("%s: %w", f.path, err)
	}
	return values, nil
}

// readYAML returns the root of a file with one YAML document, or nil if it has none.
func readYAML(path string) (*yaml.Node, error) {
	raw, err := disk.ReadFile(path, largestFile)
	if errors.Is(err, fs.ErrNotExist) || path == "" {
		return nil, nil
	}
	if err != nil {
		return nil, unreadable(err)
	}
	var document yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(raw))
	if err := decoder.Decode(&document); errors.Is(err, io.EOF) {
		return nil, nil
	} else if err != nil {
		return nil, activation.Textf("%s: %s", path, describeYAML(err))
	}
	if err := decoder.Decode(&yaml.Node{}); !errors.Is(err, io.EOF) {
		return nil, activation.Textf("%s: must contain a single YAML document", path)
	}
	return document.Content[0], nil
}

// largestFile is the size limit of the file in bytes.
const largestFile = 1 << 20

// unreadable returns the error for a configuration file that cannot be read, with a hint.
func unreadable(err error) error {
	if errors.Is(err, disk.ErrNotRegular) || errors.Is(err, disk.ErrTooLarge) {
		return activation.Textf("cannot read the configuration: %w: replace it with a text file, or remove it", err)
	}
	return activation.Textf("cannot read the configuration: %w: make it readable for you, or set XDG_CONFIG_HOME to another folder", err)
}

// describeYAML returns a YAML error with its line. The library leaves out the number of the first line.
func describeYAML(err error) error {
	line, reason := 1, strings.TrimPrefix(err.Error(), "yaml: ")
	if found, _ := fmt.Sscanf(reason, "line %d:", &line); found == 1 {
		_, reason, _ = strings.Cut(reason, ": ")
	}
	return activation.Textf("line %d: %s", line, errors.New(reason))
}

// finder returns a function that finds a setting by its name.
func finder(settings []Setting, others func() []Setting) func(string) (Setting, error) {
	named := func(name string) func(Setting) bool { return func(s Setting) bool { return s.Name == name } }
	return func(name string) (Setting, error) {
		i := slices.IndexFunc(settings, named(name))
		if i < 0 && others != nil {
			settings, others = append(settings, others()...), nil
			i = slices.IndexFunc(settings, named(name))
		}
		if i < 0 {
			return Setting{}, unknownSetting(name, settings)
		}
		return settings[i], nil
	}
}

// unknownSetting returns the error for a name without a setting.
func unknownSetting(name string, settings []Setting) error {
	names := make([]string, len(settings))
	for i, s := range settings {
		names[i] = s.Name
	}
	return &InvalidChoice{Value: name, Choices: names, IsName: true}
}

// flatten returns the values of a YAML mapping of settings.
func flatten(node *yaml.Node, find func(string) (Setting, error)) (map[string]string, error) {
	if node.Kind != yaml.MappingNode {
		return nil, activation.Textf("line %d: must be settings, one \"name: value\" per line", node.Line)
	}
	values := map[string]string{}
	for i := 0; i < len(node.Content); i += 2 {
		key, node := node.Content[i], node.Content[i+1]
		setting, err := find(key.Value)
		if err != nil {
			return nil, activation.Textf("line %d: %w", key.Line, err)
		}
		if _, twice := values[key.Value]; twice {
			return nil, activation.Textf("line %d: %s is set twice", key.Line, key.Value)
		}
		value, err := scalar(node, setting.Kind)
		if err == nil {
			err = setting.check(value)
		}
		switch {
		case err != nil && node.Kind != yaml.ScalarNode: // it has no text of its own
			return nil, activation.Textf("line %d: %s: %w", node.Line, key.Value, err)
		case err != nil:
			return nil, activation.Textf("line %d: %s: %q %w", node.Line, key.Value, value, err)
		}
		values[key.Value] = value
	}
	return values, nil
}

// scalar returns a scalar value, or the values of a sequence if the setting is a list.
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
		return node.Value, errors.New("must be a single value")
	}
	return node.Value, nil
}
