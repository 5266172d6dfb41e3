package ui

// Style is a colour or weight of text. No information is given by style alone.
type Style string

// The styles, as SGR parameters of ECMA-48. Yellow, blue, white and black are not used: each is hard to
// read on some background.
const (
	Bold    Style = "1"
	Faint   Style = "2"
	Red     Style = "31"
	Green   Style = "32"
	Magenta Style = "35"
)

// sgrReset ends every style.
const sgrReset = "\x1b[0m"

// Paint returns text in a style if the stream is coloured, else the text as it is.
func (s *Stream) Paint(style Style, text string) string {
	if !s.Color || text == "" {
		return text
	}
	return "\x1b[" + string(style) + "m" + text + sgrReset
}

// colorFor reports whether a stream is coloured. The first of these that is set decides: the setting
// (always, never), NO_COLOR, CLICOLOR_FORCE, whether the stream is a terminal that understands colours.
func colorFor(setting string, env func(string) (string, bool), terminal bool) bool {
	value := func(name string) string { text, _ := env(name); return text }
	switch {
	case setting == "always":
		return true
	case setting == "never", value("NO_COLOR") != "":
		return false
	case value("CLICOLOR_FORCE") != "" && value("CLICOLOR_FORCE") != "0":
		return true
	}
	return terminal && value("TERM") != "dumb"
}

// SetColor decides whether output is coloured, on both streams. when is auto, always or never.
func (o *IO) SetColor(env func(string) (string, bool), when string) {
	for _, stream := range []*Stream{o.Out, o.Err} {
		stream.Color = colorFor(when, env, stream.Terminal)
	}
}
