package message

import "ecs-activation/internal/ui"

// Language translates an English text into another language. nil means English.
type Language = ui.Language
