package identity

import "ecs-activation/internal/disk"

// largestFile is the size limit of a file with profiles, credentials or a token, in bytes.
const largestFile = 1 << 20

// readText reads a file of profiles or credentials as UTF-8. PowerShell writes UTF-16 with a byte order mark.
func readText(path string) ([]byte, error) {
	raw, err := disk.ReadFile(path, largestFile)
	return disk.UTF8(raw), err
}
