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

// writeYAML writes a value as YAML by way of its JSON, so that the keys and their order are
// the same.
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

// nodeOf reads the next JSON value.
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
	default: // a number as it stands, or true or false
		return &yaml.Node{Kind: yaml.ScalarNode, Value: fmt.Sprint(token)}, nil
	}
}

// collection reads an object, whose names are values among the others, or an array.
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

// textNode is a text that no reader, of YAML 1.1 or 1.2, takes for anything else.
func textNode(text string) *yaml.Node {
	node := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: text}
	first, _ := utf8.DecodeRuneInString(text)
	if !unicode.IsLetter(first) || oldTruth(text) || strings.ContainsFunc(text, steers) {
		node.Style = yaml.DoubleQuotedStyle
	}
	return node
}

// oldTruth says whether YAML 1.1 reads a word as true or false.
func oldTruth(text string) bool {
	switch strings.ToLower(text) {
	case "y", "n", "yes", "no", "on", "off":
		return true
	}
	return false
}

// escapedYAML writes what steers a terminal and what the encoder left as it is as YAML's own
// escapes: such texts are in double quotes.
func escapedYAML(text []byte) []byte {
	return escapedAs(text, func(r rune) string {
		if r > 0xffff {
			return fmt.Sprintf("\\U%08x", r)
		}
		return fmt.Sprintf("\\u%04x", r)
	})
}
