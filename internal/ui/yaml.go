package ui

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// writeYAML writes a value as YAML. It converts the JSON of the value, so the keys and their order are the
// same in both formats.
func writeYAML(w io.Writer, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	node, err := nodeOf(decoder)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	if err := encoder.Encode(node); err != nil {
		return err
	}
	_, err = w.Write(escapedYAML(out.Bytes()))
	return err
}

// nodeOf reads the next JSON value and returns it as a node of YAML.
func nodeOf(decoder *json.Decoder) (*yaml.Node, error) {
	token, err := decoder.Token()
	if err != nil {
		return nil, err
	}
	switch token := token.(type) {
	case json.Delim:
		return collection(decoder, token)
	case string:
		return textNode(token), nil
	case nil:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Value: "null"}, nil
	default: // a number, with the digits of the JSON, or true or false
		return &yaml.Node{Kind: yaml.ScalarNode, Value: fmt.Sprint(token)}, nil
	}
}

// collection reads the rest of an object or an array and returns it as a node. In a node of an object names
// and values alternate.
func collection(decoder *json.Decoder, begin json.Delim) (*yaml.Node, error) {
	node := &yaml.Node{Kind: yaml.SequenceNode}
	if begin == '{' {
		node.Kind = yaml.MappingNode
	}
	for decoder.More() {
		child, err := nodeOf(decoder)
		if err != nil {
			return nil, err
		}
		node.Content = append(node.Content, child)
	}
	if len(node.Content) == 0 {
		node.Style = yaml.FlowStyle
	}
	_, err := decoder.Token()
	return node, err
}

// textNode returns a node that every reader, of YAML 1.1 or 1.2, reads as this text.
func textNode(text string) *yaml.Node {
	node := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: text}
	first, _ := utf8.DecodeRuneInString(text)
	if !unicode.IsLetter(first) || isYAML11Bool(text) || strings.ContainsFunc(text, isControl) {
		node.Style = yaml.DoubleQuotedStyle
	}
	return node
}

// isYAML11Bool reports whether YAML 1.1 reads a word as true or false.
func isYAML11Bool(text string) bool {
	switch strings.ToLower(text) {
	case "y", "n", "yes", "no", "on", "off":
		return true
	}
	return false
}

// escapedYAML returns YAML in which the characters that control a terminal are escaped. The encoder leaves
// some of them as they are, always in double quotes, where YAML has escapes.
func escapedYAML(text []byte) []byte {
	return escapedAs(text, func(r rune) string {
		if r > 0xffff {
			return fmt.Sprintf("\\U%08x", r)
		}
		return fmt.Sprintf("\\u%04x", r)
	})
}
